"""Lengths and right answers → bins that part the texts evenly and no length, counted text by text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.errors import DataError
from unrolled.evaluation.by_length import MOST_BINS, by_length
from unrolled.evaluation.coverage import wilson

LENGTHS = st.lists(st.integers(0, 30), min_size=1, max_size=60)


@given(LENGTHS, st.integers(1, 3), st.integers(0, 5))
def test_every_text_is_in_one_bin_and_counted_as_a_loop_counts(lengths: list[int], seeds: int, seed: int) -> None:
    right = np.random.default_rng(seed).random((seeds, len(lengths))) < 0.7
    bins = by_length(np.array(lengths), right)
    assert 1 <= len(bins) <= MOST_BINS
    assert sum(one.rows for one in bins) == len(lengths)
    assert all(before.longest < after.shortest for before, after in pairwise(bins))
    for one in bins:
        rows = [row for row, length in enumerate(lengths) if one.shortest <= length <= one.longest]
        assert {one.shortest, one.longest} <= {lengths[row] for row in rows}
        assert one.rows == len(rows)
        mean = sum(int(right[of_seed, row]) for of_seed in range(seeds) for row in rows) / (seeds * len(rows))
        assert one.accuracy.value == pytest.approx(mean)
        assert 0 <= one.accuracy.low <= one.accuracy.value <= one.accuracy.high <= 1


@given(st.permutations(range(120)))
def test_different_lengths_make_six_equal_bins(lengths: list[int]) -> None:
    bins = by_length(np.array(lengths), np.ones((1, 120), bool))
    assert [(one.shortest, one.longest, one.rows) for one in bins] == [(20 * k, 20 * k + 19, 20) for k in range(6)]


@given(LENGTHS)
def test_each_cut_is_the_nearest_to_a_sixth_that_parts_no_length(lengths: list[int]) -> None:
    ordered = sorted(lengths)
    possible = [cut for cut in range(1, len(ordered)) if ordered[cut - 1] < ordered[cut]]
    wanted = (
        {min(possible, key=lambda cut: abs(cut - k * len(ordered) / 6)) for k in range(1, 6)} if possible else set()
    )
    sizes = [one.rows for one in by_length(np.array(lengths), np.ones((1, len(lengths)), bool))]
    assert np.cumsum(sizes)[:-1].tolist() == sorted(wanted)


def test_one_seed_has_the_interval_of_its_counts_and_more_seeds_do_not_narrow_it() -> None:
    right = np.random.default_rng(0).random(200) < 0.8
    lengths = np.full(200, 7)
    (one,), (three,) = by_length(lengths, right[np.newaxis]), by_length(lengths, np.stack([right] * 3))
    assert one.accuracy == wilson(int(right.sum()), 200)
    assert (three.accuracy.low, three.accuracy.high) == pytest.approx((one.accuracy.low, one.accuracy.high))


def test_no_text_is_an_error() -> None:
    with pytest.raises(DataError, match="no row to evaluate"):
        by_length(np.empty(0, np.int64), np.empty((3, 0), bool))
