"""Texts and labels of every kind that Python users have → plain strings and sorted classes, or a DataError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.errors import DataError
from unrolled.validation import check_texts, check_X_y, unique_labels

KINDS: list[Callable[[list[str]], Any]] = [
    list,
    tuple,
    np.array,
    lambda texts: np.array(texts, object),
    iter,
    dict.fromkeys,
    lambda texts: [np.str_(text) for text in texts],
]


@each("kind", KINDS)
def test_texts_in_any_container_become_a_list_of_plain_strings(kind: Callable[[list[str]], Any]) -> None:
    found = check_texts(kind(["a b", "", "é\n"]))
    assert found == ["a b", "", "é\n"]
    assert {type(text) for text in found} == {str}


@each("value", [None, float("nan"), b"bytes", 3, ["a"], np.array(["a"]), np.nan, True])
@each("position", [0, 2])
def test_what_is_no_string_is_refused_and_its_place_told(value: Any, position: int) -> None:
    texts: list[Any] = ["a", "b"]
    texts.insert(position, value)
    with pytest.raises(DataError) as raised:
        check_texts(texts)
    assert raised.value.where == f"text {position}"
    assert raised.value.problem.endswith(type(value).__name__)


@each("texts", ["one text", "", np.str_("one text"), None, 5, 1.5, np.array("one text")])
def test_what_is_no_list_of_texts_is_refused(texts: Any) -> None:
    with pytest.raises(DataError, match=r"^texts: must be a list of texts"):
        check_texts(texts)


@pytest.mark.parametrize("labels", [[], ["a"], ["a", "b", "c"], np.array([1, 2, 3])], ids=len)
def test_texts_and_labels_of_different_number_are_refused(labels: Any) -> None:
    with pytest.raises(DataError, match=f"2 texts and {len(labels)} labels"):
        check_X_y(["x", "y"], labels)


@pytest.mark.parametrize("labels", [None, 5, "ab", iter(["a", "b"])], ids=repr)
def test_what_is_no_list_of_labels_is_refused(labels: Any) -> None:
    with pytest.raises(DataError):
        check_X_y(["x", "y"], labels)


UNUSABLE: list[Any] = ["", "\ud800", None, 1.0, float("nan"), b"a", ["a"], (1,), np.float64(1), 1j, {"a"}]


@each("value", [*UNUSABLE, np.array([1]), np.array([1, 2]), np.str_("")])
def test_an_unusable_label_is_refused_and_its_place_told(value: Any) -> None:
    with pytest.raises(DataError) as raised:
        check_X_y(["x", "y"], ["a", value])
    assert raised.value.where == "label 1"
    assert str(raised.value).isprintable()


@each(
    ("labels", "classes"),
    [
        (["b", "a", "b"], ["a", "b"]),
        (["10", "2", "1"], ["1", "10", "2"]),
        ([10, 2, -1], [-1, 2, 10]),
        ([True, False], [False, True]),
        (np.array([3, 1, 3], np.int8), np.array([1, 3], np.int8)),
        (np.array(["b", "a"]), ["a", "b"]),
        (np.array(["b", "a"], object), ["a", "b"]),
        (np.array([True, False]), np.array([False, True])),
        (("é", "z", "Z"), ["Z", "z", "é"]),
        ([2**70, 1], [1, 2**70]),
        (["a\0", "a"], ["a", "a\0"]),
    ],
)
def test_classes_are_the_labels_as_given_sorted(labels: Any, classes: Any) -> None:
    found = unique_labels(labels)
    assert list(found) == list(classes)
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "bi":
        assert found.dtype == labels.dtype
    assert [str(label) for label in found] == [str(label) for label in classes]


@pytest.mark.parametrize("labels", [["a", 1], [1, "a"], [True, "True"], [np.int64(1), "1"]], ids=repr)
def test_strings_among_numbers_are_refused(labels: list[Any]) -> None:
    with pytest.raises(DataError, match="strings and some are numbers"):
        unique_labels(labels)


whole = st.integers() | st.sampled_from([2**63, -1, 2**64, -(2**63)])
numpy_whole = st.integers(-5, 5).map(np.int16) | st.integers(0, 5).map(np.uint64)
any_labels = st.lists(
    st.one_of(whole, numpy_whole, st.booleans(), st.booleans().map(np.bool_), st.text(min_size=1, max_size=2)),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(st.lists(whole, min_size=1) | st.lists(st.text(min_size=1), min_size=1) | any_labels)
def test_labels_are_refused_or_spelt_exactly_as_their_classes_are(labels: list[Any]) -> None:
    try:
        _, formatted = check_X_y(["x"] * len(labels), labels)
        classes = unique_labels(labels)
    except DataError:
        return
    assert {str(label) for label in classes} == set(formatted)
    assert list(classes) == sorted(set(labels))
    assert all(label in labels for label in classes)


@pytest.mark.parametrize("column", [np.array([[1], [2]]), [[1], [2]], np.array([["a"], ["b"]])], ids=repr)
def test_a_column_of_labels_is_refused_as_no_list(column: Any) -> None:
    with pytest.raises(DataError, match=r"^label 0: .* can't be a label"):
        check_X_y(["x", "y"], column)
