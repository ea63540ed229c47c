"""compare.json: there and back again, through its bytes, and what isn't one."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.many_compared import all_kinds, compared
from unrolled.comparison.result import (
    ComparisonResult,
    Coverage,
    Disagreement,
    Epoch,
    McNemar,
    Model,
    OfLength,
    Recommendation,
    Run,
)
from unrolled.comparison.result_json import as_json, from_json
from unrolled.errors import DataError
from unrolled.evaluation.bootstrap import Interval
from unrolled.reports.comparison import html
from unrolled.storage.strict_json import parse, to_bytes

KINDS = all_kinds()
TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
WHOLE = st.integers(-(10**20), 10**20)
INTERVAL = st.builds(Interval, NUMBER, NUMBER, NUMBER)
TESTS = st.builds(McNemar, WHOLE, WHOLE, WHOLE, NUMBER, NUMBER)
EPOCHS = st.builds(Epoch, WHOLE, NUMBER, st.none() | NUMBER, NUMBER, NUMBER)


def many(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=2).map(tuple)


RUNS = st.builds(Run, WHOLE, NUMBER, NUMBER, NUMBER, TEXT, many(EPOCHS))
COVERAGES = st.builds(Coverage, NUMBER, WHOLE, NUMBER, st.none() | INTERVAL)
LENGTHS = st.builds(OfLength, WHOLE, WHOLE, WHOLE, INTERVAL)
OPTIONS = st.dictionaries(TEXT, st.none() | st.booleans() | WHOLE | NUMBER | TEXT | st.lists(WHOLE), max_size=2)


@st.composite
def comparisons(draw: st.DrawFn) -> ComparisonResult:
    labels = draw(st.lists(TEXT, unique=True, max_size=3).map(tuple))
    matrix = st.just(()) | st.tuples(*[st.tuples(*[WHOLE] * len(labels))] * len(labels))
    names = draw(st.lists(TEXT.filter(bool), unique=True, max_size=3))
    optional = st.none() | INTERVAL
    models = tuple(
        draw(
            st.builds(
                Model, st.just(name), TEXT, OPTIONS, st.sampled_from(["finished", "unfinished", "failed", "not_run"]),
                TEXT, st.none() | WHOLE, st.none() | WHOLE, *[st.none() | NUMBER] * 4, *[optional] * 3,
                st.none() | NUMBER, many(TESTS), many(RUNS), many(LENGTHS),
                many(COVERAGES), matrix,
            )
        )
        for name in names
    )  # fmt: skip
    chosen = st.sampled_from(names) if names else st.nothing()
    texts = st.builds(Disagreement, WHOLE, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2))
    return draw(
        st.builds(
            ComparisonResult, TEXT, TEXT, WHOLE, WHOLE, st.just(labels), NUMBER, WHOLE, st.none() | NUMBER, NUMBER,
            TEXT,
            st.dictionaries(TEXT, TEXT, max_size=2), st.just("") | chosen,
            st.none() | st.builds(Recommendation, chosen, TEXT, st.none() | WHOLE), st.just(models),
            many(texts), WHOLE, many(TEXT),
        )
    )  # fmt: skip


@settings(max_examples=60)
@given(comparisons())
def test_any_comparison_is_the_same_after_its_file(found: ComparisonResult) -> None:
    assert from_json(parse(to_bytes(as_json(found)))) == found


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_can_be_made_again_from_the_file_alone(kind: str) -> None:
    again = from_json(parse(to_bytes(as_json(KINDS[kind]))))
    assert html(again) == html(KINDS[kind])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths to everything inside, but for the options, which are free."""
    if path and path[-1] == "options":
        return []
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, Mapping):
        inside = list(value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        inside = list(enumerate(value))[:1]
    return [path, *(found for key, one in inside for found in places(one, (*path, key)))]


CONTENT = as_json(compared(2, seeds=1))
PATHS = [path for path in places(CONTENT) if path]


@pytest.mark.parametrize("path", PATHS, ids=str)
@pytest.mark.parametrize("wrong", [object(), True, float("nan"), 10**400, [[]], {"a": 1}], ids=lambda x: str(type(x)))
def test_a_value_of_another_kind_is_refused_and_its_place_named(path: tuple[Any, ...], wrong: Any) -> None:
    content = copy.deepcopy(CONTENT)
    owner: Any = content
    for key in path[:-1]:
        owner = owner[key]
    if type(wrong) is int and (type(owner[path[-1]]) is int or path[-1] == "texts_needed"):
        return  # a whole number may be as large as it likes
    owner[path[-1]] = wrong
    with pytest.raises(DataError, match=r"compare\.json") as caught:
        from_json(content)
    if path != ("format_version",):
        assert str(path[0]) in caught.value.where


@pytest.mark.parametrize("path", [path for path in PATHS if isinstance(path[-1], str)], ids=str)
def test_a_key_that_is_missing_is_refused_where_keys_are_ours(path: tuple[Any, ...]) -> None:
    content = copy.deepcopy(CONTENT)
    owner: Any = content
    for key in path[:-1]:
        owner = owner[key]
    del owner[path[-1]]
    if path[-2:-1] in (("versions",), ("answers",)):
        from_json(content)
        return
    with pytest.raises(DataError):
        from_json(content)


@pytest.mark.parametrize("content", [None, [], {}, {"format_version": 2}, {**CONTENT, "more": 1}])
def test_other_files_are_refused(content: object) -> None:
    with pytest.raises(DataError):
        from_json(content)


def test_names_must_stand_for_one_model_each_and_matrices_fit() -> None:
    twice = {**CONTENT, "models": [CONTENT["models"][0]] * 2}
    stranger = {**CONTENT, "selected": "nobody"}
    taken = {**CONTENT, "recommendation": {"model": "nobody", "reason": "", "texts_needed": None}}
    ragged = copy.deepcopy(CONTENT)
    ragged["models"][0]["confusion"] = [[1, 2]]
    for wrong, place in ((twice, "models"), (stranger, "selected"), (taken, "recommendation"), (ragged, "confusion")):
        with pytest.raises(DataError, match=place):
            from_json(wrong)


def test_a_file_of_a_newer_program_says_so() -> None:
    with pytest.raises(DataError, match="newer unrolled"):
        from_json({**CONTENT, "format_version": 2})
