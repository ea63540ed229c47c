"""Confusion matrix (K, K) → accuracy, macro F1 and weighted F1, each with its 95 % bootstrap interval.

To draw n rows with replacement from the n rows is to draw the matrix's cells from a multinomial distribution whose
probabilities are count / n: exact, and far cheaper than drawing rows. Percentile intervals (Efron and Tibshirani 1993,
chapter 13). As on the rows themselves, a class that a resample lacks has no part in that resample's macro F1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Float64Array, IntArray
from unrolled.evaluation.scores import Counts, counts_of, summary

# Numbers drawn at once: 8 MiB, whatever the number of cells and resamples.
AT_ONCE = 2**20


@dataclass(frozen=True)
class Interval:
    """A score and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


def intervals(matrix: IntArray, *, seed: int, resamples: int) -> list[Interval]:
    """Return accuracy, macro F1 and weighted F1, in this order, the same for the same seed."""
    values = summary(counts_of(matrix))
    low, high = np.quantile(resampled(matrix, seed=seed, resamples=resamples), [0.025, 0.975], axis=0)
    return [Interval(*map(float, bounds)) for bounds in zip(values, low, high, strict=True)]


def resampled(matrix: IntArray, *, seed: int, resamples: int) -> Float64Array:
    """Return the three scores (resamples, 3) of each resample of the rows."""
    draws = _draws(matrix, np.random.default_rng(seed), resamples)
    return np.concatenate([summary(counts) for counts in draws])


def _draws(matrix: IntArray, generator: np.random.Generator, resamples: int) -> Iterator[Counts]:
    true, predicted = np.nonzero(matrix)
    cells, classes = matrix[true, predicted], len(matrix)
    right = true == predicted
    at_once = max(1, AT_ONCE // len(cells))
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        drawn = generator.multinomial(cells.sum(), cells / cells.sum(), size=size)
        yield Counts(
            true_positives=by_class(drawn[:, right], true[right], classes),
            support=by_class(drawn, true, classes),
            predicted=by_class(drawn, predicted, classes),
        )


def by_class(drawn: IntArray, owners: NDArray[np.intp], classes: int) -> IntArray:
    """Sum the cells (draws, cells) that belong to the same class → (draws, classes)."""
    order = np.argsort(owners, kind="stable")
    present, starts = np.unique(owners[order], return_index=True)
    totals = np.zeros((len(drawn), classes), dtype=np.int64)
    totals[:, present] = np.add.reduceat(drawn[:, order], starts, axis=1)
    return totals
