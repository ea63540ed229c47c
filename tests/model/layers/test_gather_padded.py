"""Texts spread out against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.layers.gather_padded import gather_padded, padding_mask

TEXTS = st.lists(st.lists(st.integers(0, 4), max_size=5), min_size=1, max_size=4)
VECTORS = np.random.default_rng(0).normal(size=(5, 3))


@settings(deadline=None)
@given(TEXTS, st.integers(1, 7), st.sampled_from([-9, 0, 5, 10**12]))
def test_words_stand_where_they_stand_and_zeros_elsewhere(texts: list[list[int]], length: int, junk: int) -> None:
    length = max(length, *(len(text) for text in texts), 1)
    ids = np.array([text + [junk] * (length - len(text)) for text in texts])
    lengths = np.array([len(text) for text in texts])
    expected = np.zeros((len(texts), length, 3))
    for row, text in enumerate(texts):
        for place, word in enumerate(text):
            expected[row, place] = VECTORS[word]
    assert np.array_equal(gather_padded(VECTORS, ids, lengths), expected)
    assert np.array_equal(gather_padded(torch.from_numpy(VECTORS), ids, lengths).numpy(), expected)


@pytest.mark.parametrize("width", [1, 4])
def test_true_positions_are_those_before_the_end(width: int) -> None:
    lengths = [0, 1, 3, 4]
    expected = [[place < length for place in range(width)] for length in lengths]
    assert padding_mask(np.array(lengths), width).tolist() == expected
