"""Lengths → batches that hold every text once, the shortest first, within their limits."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unrolled.text.length_buckets import NUMBERS, TEXTS, length_buckets


@given(st.lists(st.integers(0, 30) | st.integers(0, 20_000), max_size=600))
def test_every_text_is_in_one_batch_and_no_batch_is_large(lengths: list[int]) -> None:
    batches = list(length_buckets(np.array(lengths, np.int64)))
    together = [row for batch in batches for row in batch.tolist()]
    assert sorted(together) == list(range(len(lengths)))
    assert [lengths[row] for row in together] == sorted(lengths)
    for batch in batches:
        longest = max(lengths[row] for row in batch)
        assert len(batch) == 1 or len(batch) * longest * (1 + longest // TEXTS) <= NUMBERS
        assert 1 <= len(batch) <= TEXTS


def test_texts_of_one_length_fill_their_batches() -> None:
    assert [len(batch) for batch in length_buckets(np.full(600, 20))] == [256, 256, 88]
    assert [len(batch) for batch in length_buckets(np.full(40, 1000))] == [16, 16, 8]


def test_a_long_text_stands_alone() -> None:
    assert [len(batch) for batch in length_buckets(np.array([10] * 255 + [5000]))] == [255, 1]
