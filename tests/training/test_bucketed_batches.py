"""Random lengths, seeds and epochs → a partition in batches of similar length, in an order of its own."""

from __future__ import annotations

import math
import random as python_random
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.training.bucketed_batches import POOL, bucketed_batches

LENGTHS = st.lists(st.integers(0, 60), min_size=1, max_size=300).map(lambda found: np.array(found, np.int64))
SIZES = st.integers(1, 40)
SEEDS = st.integers(0, 2**40)


def padding(lengths: np.ndarray[Any, Any], cut: list[np.ndarray[Any, Any]]) -> int:
    return sum(int(lengths[rows].max()) * len(rows) - int(lengths[rows].sum()) for rows in cut)


def lengths_of_reviews(count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Lengths with a long tail, as real texts have: a median of 20 words, one text in twenty above 100."""
    drawn = np.random.default_rng(0).lognormal(3.0, 1.0, count)
    return np.maximum(drawn.astype(np.int64), 1)


def same(one: list[np.ndarray[Any, Any]], other: list[np.ndarray[Any, Any]]) -> bool:
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@settings(deadline=None)
@given(LENGTHS, SIZES, SEEDS, st.integers(1, 50))
def test_an_epochs_batches_hold_each_text_once_and_all_but_one_are_full(
    lengths: np.ndarray[Any, Any], size: int, seed: int, epoch: int
) -> None:
    cut = bucketed_batches(lengths, size, seed, epoch)
    assert sorted(np.concatenate(cut).tolist()) == list(range(len(lengths)))
    sizes = sorted((len(rows) for rows in cut), reverse=True)
    assert len(sizes) == math.ceil(len(lengths) / size)
    assert sizes[:-1] == [size] * (len(sizes) - 1)
    assert 1 <= sizes[-1] <= size


def test_the_order_is_a_pure_function_of_seed_and_epoch() -> None:
    lengths = lengths_of_reviews(700)
    pairs = [(seed, epoch) for seed in (0, 1, 2**33) for epoch in (1, 2, 9)]
    forwards = {pair: bucketed_batches(lengths, 16, *pair) for pair in pairs}
    for pair in reversed(pairs):
        np.random.rand(3)  # the world's own random streams don't matter
        torch.rand(3)
        python_random.random()
        assert same(bucketed_batches(lengths, 16, *pair), forwards[pair])


def test_making_batches_leaves_the_worlds_random_streams_and_the_lengths_alone() -> None:
    lengths = lengths_of_reviews(100)
    kept, before = lengths.copy(), np.random.get_state()[1].copy()  # type: ignore[index]
    bucketed_batches(lengths, 8, 0, 1)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # type: ignore[index]
    np.testing.assert_array_equal(lengths, kept)


def test_epochs_and_seeds_differ() -> None:
    lengths = lengths_of_reviews(700)
    found = [bucketed_batches(lengths, 16, seed, epoch) for seed in range(4) for epoch in range(1, 5)]
    for number, one in enumerate(found):
        assert not any(same(one, other) for other in found[:number])


def test_epochs_mix_the_company_of_a_text_and_not_only_the_order_of_the_batches() -> None:
    lengths = lengths_of_reviews(POOL * 16 * 2)
    first, second = ({frozenset(rows.tolist()) for rows in bucketed_batches(lengths, 16, 0, epoch)} for epoch in (1, 2))
    assert len(first & second) < len(first) / 20


def test_the_order_of_the_batches_does_not_follow_their_length() -> None:
    lengths = lengths_of_reviews(POOL * 16)
    longest = [float(lengths[rows].max()) for rows in bucketed_batches(lengths, 16, 0, 1)]
    # of 50 independent pairs the rank correlation has a standard deviation of 1/7
    ranks = np.argsort(np.argsort(longest))
    assert abs(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) < 0.5


@pytest.mark.parametrize(("size", "bound"), [(16, 0.12), (32, 0.12), (64, 0.12)])
def test_padding_is_below_an_eighth_of_what_a_random_order_needs(size: int, bound: float) -> None:
    lengths = lengths_of_reviews(5000)
    order = np.random.default_rng(1).permutation(len(lengths))
    at_random = padding(lengths, [order[start : start + size] for start in range(0, len(order), size)])
    for epoch in (1, 2, 3):
        assert padding(lengths, bucketed_batches(lengths, size, 0, epoch)) < bound * at_random


def test_reading_in_the_order_of_length_has_the_least_padding_of_all_orders_tried() -> None:
    lengths = lengths_of_reviews(640)
    order = np.argsort(lengths)
    least = padding(lengths, [order[start : start + 32] for start in range(0, len(order), 32)])
    assert all(padding(lengths, bucketed_batches(lengths, 32, 0, epoch)) >= least for epoch in range(1, 20))


def test_one_text_is_one_batch() -> None:
    assert [rows.tolist() for rows in bucketed_batches(np.array([5]), 8, 0, 1)] == [[0]]


def test_no_texts_are_no_batches() -> None:
    assert bucketed_batches(np.zeros(0, np.int64), 8, 0, 1) == []
