"""Lengths (texts,) → batches of texts of similar length, the shortest first, none of them large when it is padded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.arrays import IntArray

TEXTS, NUMBERS = 256, 1 << 16  # of a batch; attention has length numbers for each, so the factor below


def length_buckets(lengths: IntArray) -> Iterator[IntArray]:
    """Yield the texts of each batch: a long text among short ones would have all padded to its length."""
    order = np.argsort(lengths, kind="stable")
    costs = lengths[order] * (1 + lengths[order] // TEXTS)
    first = 0
    while first < len(order):
        last = min(first + TEXTS, len(order))
        too_large = np.flatnonzero(costs[first:last] * np.arange(1, last - first + 1) > NUMBERS)
        last = max(first + 1, first + int(too_large[0])) if len(too_large) else last
        yield order[first:last]
        first = last
