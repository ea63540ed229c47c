"""Mean and maximum over time against a plain loop over texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.layers import pooling

LENGTHS = st.lists(st.integers(0, 5), min_size=1, max_size=5)


def sequences(lengths: list[int], outside: float) -> Any:
    drawn = np.random.default_rng(len(lengths)).normal(size=(len(lengths), 5, 3)) - 2  # mostly below what is outside
    for row, length in zip(drawn, lengths, strict=True):
        row[length:] = outside
    return drawn


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@settings(deadline=None)
@given(lengths=LENGTHS)
def test_the_mean_is_over_the_true_positions_alone(kind: Any, lengths: list[int]) -> None:
    sequence = sequences(lengths, 0)
    expected = [row[:n].mean(axis=0) if n else np.zeros(3) for row, n in zip(sequence, lengths, strict=True)]
    assert np.asarray(pooling.mean(kind(sequence), np.array(lengths))) == pytest.approx(np.array(expected), abs=1e-14)


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@pytest.mark.parametrize("outside", [0.0, 1e30, np.nan, np.inf])
@settings(deadline=None)
@given(lengths=LENGTHS)
def test_the_maximum_is_over_the_true_positions_alone(kind: Any, outside: float, lengths: list[int]) -> None:
    sequence = sequences(lengths, outside)
    expected = [row[:n].max(axis=0) if n else np.zeros(3) for row, n in zip(sequence, lengths, strict=True)]
    assert np.array_equal(pooling.maximum(kind(sequence), np.array(lengths)), expected)


@pytest.mark.parametrize("pool", [pooling.mean, pooling.maximum])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_the_precision_stays(pool: Any, dtype: str) -> None:
    sequence, lengths = sequences([2, 0], 0).astype(dtype), np.array([2, 0])
    assert pool(sequence, lengths).dtype == dtype
    assert pool(torch.from_numpy(sequence), lengths).numpy().dtype == dtype


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_the_mean_of_many_equal_vectors_is_that_vector(kind: Any) -> None:
    sequence = np.full((1, 10_000, 3), np.float32(0.7))
    found = np.asarray(pooling.mean(kind(sequence), np.array([10_000])))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, sequence[:, 0], rtol=1e-6)
