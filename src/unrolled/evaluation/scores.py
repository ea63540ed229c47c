"""Counts by class (..., K) → accuracy, macro and weighted F1 (...), precision, recall and F1 by class (..., K).

precision = true positives / predicted      recall = true positives / support      0 / 0 = 0
F1 = 2 · true positives / (support + predicted), the harmonic mean of both
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unrolled.arrays import Float64Array, IntArray


@dataclass(frozen=True, eq=False)
class Counts:
    """All that the scores need of a confusion matrix, or of a stack of them: three arrays (..., K)."""

    true_positives: IntArray
    support: IntArray
    predicted: IntArray


def counts_of(matrix: IntArray) -> Counts:
    """Read the counts by class from a confusion matrix (K, K)."""
    return Counts(true_positives=matrix.diagonal(), support=matrix.sum(axis=1), predicted=matrix.sum(axis=0))


def precision(counts: Counts) -> Float64Array:
    """Of the rows predicted as a class, the share that is of it."""
    return _share(counts.true_positives, counts.predicted)


def recall(counts: Counts) -> Float64Array:
    """Of the rows of a class, the share predicted as it."""
    return _share(counts.true_positives, counts.support)


def f1(counts: Counts) -> Float64Array:
    """The harmonic mean of precision and recall by class."""
    return _share(2 * counts.true_positives, counts.support + counts.predicted)


def summary(counts: Counts) -> Float64Array:
    """Accuracy, macro F1 and weighted F1 (..., 3), the macro mean over the classes that occur, true or predicted."""
    by_class, rows = f1(counts), counts.support.sum(axis=-1)
    occurring = (counts.support + counts.predicted > 0).sum(axis=-1)
    accuracy = counts.true_positives.sum(axis=-1) / rows
    macro = by_class.sum(axis=-1) / occurring
    weighted = (by_class * counts.support).sum(axis=-1) / rows
    return np.stack([accuracy, macro, weighted], axis=-1)


def _share(part: IntArray, whole: IntArray) -> Float64Array:
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)
