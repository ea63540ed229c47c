"""Integers and floats in any kind and layout → what a kernel reads, or an error before it would reach outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.kernels.compiled.checks import check_floats, check_ids, integers, texts_of
from unrolled.kernels.compiled.library import Library

IDS = np.array([[3, 1, 4, -9], [0, 2, 10**9, 7]])
LENGTHS = np.array([3, 2])


@each("kind", ["i1", "u2", ">i4", "i8"])
@each("layout", [np.ascontiguousarray, np.asfortranarray, lambda array: array.repeat(2, 1)[:, ::2]])
def test_texts_of_any_kind_and_layout_are_read_as_they_are(kind: str, layout: Any, compiled: Library) -> None:
    given = layout(np.array([[3, 1, 4], [0, 2, 5]], kind))
    ids, lengths = texts_of(compiled, given, LENGTHS.astype(kind), 6)
    assert {str(ids.dtype), str(lengths.dtype)} == {"int64"}
    assert ids.flags.c_contiguous
    assert ids.tolist() == given.tolist()
    assert lengths.tolist() == [3, 2]


def test_what_is_laid_out_well_is_not_copied(compiled: Library) -> None:
    assert integers(IDS) is IDS
    assert texts_of(compiled, IDS, LENGTHS, 5)[0] is IDS


def test_only_true_ids_are_looked_at(compiled: Library) -> None:
    texts_of(compiled, IDS, LENGTHS, 5)
    for longer in ([4, 2], [3, 3]):
        with pytest.raises(IndexError, match="table of 5 rows"):
            texts_of(compiled, IDS, np.array(longer), 5)
    with pytest.raises(IndexError, match="from 0 to 4 in a table of 4 rows"):
        texts_of(compiled, IDS, LENGTHS, 4)


@each("lengths", [[5, 0], [-1, 2], [3], [3, 2, 0], [2**62, 0], [[3, 2]]])
def test_lengths_that_reach_outside_are_refused(lengths: Any, compiled: Library) -> None:
    with pytest.raises(IndexError, match="for 2 texts of 4 ids"):
        texts_of(compiled, IDS, np.array(lengths), 5)


@each("shape", [(0, 0), (0, 3), (3, 0)])
def test_no_texts_and_no_words_need_no_rows(shape: tuple[int, int], compiled: Library) -> None:
    ids, lengths = texts_of(compiled, np.zeros(shape, int), np.zeros(shape[0], int), 0)
    assert (ids.shape, lengths.shape) == (shape, shape[:1])


@pytest.mark.parametrize("wrong", [-1, 5, 2**40])
def test_ids_outside_are_refused(wrong: int) -> None:
    check_ids(np.array([0, 4]), 5)
    check_ids(np.array([], int), 0)
    with pytest.raises(IndexError, match="table of 5 rows"):
        check_ids(np.array([0, wrong]), 5)


def test_floats_of_another_shape_kind_or_layout_are_refused() -> None:
    right = np.zeros((2, 3), "f4")
    check_floats((2, 3), right, right.copy())
    for wrong in (
        right[:1],
        right.astype("f8"),
        right.astype(">f4"),
        np.asfortranarray(right),
        np.zeros((2, 6), "f4")[:, ::2],
    ):
        with pytest.raises(ValueError, match=r"expected float32 of shape \(2, 3\)"):
            check_floats((2, 3), right, wrong)
