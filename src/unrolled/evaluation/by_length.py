"""Lengths in words (texts,), which texts each seed has right (seeds, texts) → accuracy on short and on long texts.

The texts are cut into at most six bins of about as many texts; equal lengths are never parted. The intervals are
Wilson's, a text counting once with its mean over the seeds: seeds agree on most texts and so are no further sample,
and of a small bin that is all right the bootstrap would be certain (`coverage.py`). They are of these seeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unrolled.arrays import BoolArray, IntArray
from unrolled.errors import evaluation as errors
from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.coverage import wilson

MOST_BINS = 6


@dataclass(frozen=True)
class OfLength:
    """Texts of this many words, both ends included, and a model's accuracy on them, a mean over its seeds."""

    shortest: int
    longest: int
    rows: int
    accuracy: Interval


def by_length(lengths: IntArray, right: BoolArray) -> list[OfLength]:
    """Return the bins from short to long; they depend on the lengths alone. Raises DataError where there is no text."""
    if not len(lengths):
        raise errors.no_rows()
    order = np.argsort(lengths, kind="stable")
    return [_of_bin(lengths[rows], right[:, rows]) for rows in np.split(order, _cuts(lengths))]


def _cuts(lengths: IntArray) -> list[int]:
    """Of the places between two lengths in ascending order, find those nearest to equal parts."""
    between = np.cumsum(np.unique(lengths, return_counts=True)[1])[:-1]
    if not len(between):
        return []
    wanted = np.arange(1, MOST_BINS) * len(lengths) / MOST_BINS
    nearest = np.abs(between - wanted[:, np.newaxis]).argmin(axis=1)
    return sorted(set(between[nearest].tolist()))


def _of_bin(lengths: IntArray, right: BoolArray) -> OfLength:
    rows = len(lengths)
    accuracy = wilson(float(right.mean(axis=0).sum()), rows)
    return OfLength(int(lengths.min()), int(lengths.max()), rows, accuracy)
