"""The strongest windows without a way back, several at a time, against those with it, looked at one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unrolled.kernels import windows
from unrolled.kernels.library import Library

SIZES, FILTERS, ROWS = (1, 2, 3, 4, 5, 6, 9), 19, 30


def batch(lengths: list[int], seed: int) -> tuple[Any, Any]:
    ids = np.random.default_rng(seed).integers(0, ROWS, (len(lengths), max(1, *lengths)))
    ids[np.arange(ids.shape[1]) >= np.array(lengths)[:, None]] = -7  # junk
    return ids, np.array(lengths)


def slid(taps: Any, text: Any, size: int) -> Any:
    tap = np.concatenate([taps.reshape(ROWS, size, FILTERS)[text], np.zeros((size, size, FILTERS), "f4")])
    found = [sum(tap[i + j, j] for j in range(size)) for i in range(max(1, len(text) - size + 1))]
    return np.max(found, axis=0)


@pytest.mark.parametrize("size", SIZES)
def test_they_are_those_of_a_loop_in_numpy_for_texts_of_every_length(compiled: Library, size: int) -> None:
    taps = np.random.default_rng(size).normal(size=(ROWS, size * FILTERS)).astype("f4")
    ids, lengths = batch(list(range(26)), size)
    found, _ = windows.forward(compiled, taps, ids, lengths, (size,), keep=False)
    expected = [slid(taps, own[:length], size) for own, length in zip(ids, lengths, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("odd", [0.0, -0.0, np.nan, np.inf, -np.inf])
def test_they_are_the_same_bits_as_with_a_way_back_whatever_numbers_there_are(compiled: Library, odd: float) -> None:
    random = np.random.default_rng(1)
    taps = random.choice(np.array([0.0, -0.0, 1.0, -1.0], "f4"), (ROWS, sum(SIZES) * FILTERS))  # many windows are equal
    taps[random.integers(0, ROWS, 3)] = odd
    given = (compiled, taps, *batch([0, 3, 4, 8, 9, 25], 2), SIZES)
    (found, nothing), (kept, places) = windows.forward(*given, keep=False), windows.forward(*given, keep=True)
    np.testing.assert_array_equal(found, kept)
    np.testing.assert_array_equal(np.signbit(np.nan_to_num(found)), np.signbit(np.nan_to_num(kept)))
    assert nothing is None
    assert places is not None
