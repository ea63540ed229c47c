"""Probability of the predicted label (rows,), whether it was right (rows,) → what a least probability leaves, how good.

    coverage = rows whose probability reaches it / rows      accuracy = right ones of these / these

This is what `predict --min-probability` does. The interval is Wilson's (1927), not the bootstrap's: of few rows that
are all right, every resample is all right too, and would pretend to be certain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import BoolArray, FloatArray
from unrolled.evaluation.bootstrap import Interval

THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
Z = 1.959963984540054  # of the normal distribution 95 % lie within ± Z


@dataclass(frozen=True)
class Coverage:
    """Rows that keep their label under a least probability, their share of all, and the accuracy; None of no rows."""

    min_probability: float
    rows: int
    coverage: float
    accuracy: Interval | None


@dataclass(frozen=True)
class Answered:
    """Rows that are answered, their share of all, and the accuracy; None of no rows."""

    rows: int
    coverage: float
    accuracy: Interval | None


def coverages(confidences: FloatArray, right: BoolArray, own: float | None = None) -> list[Coverage]:
    """Judge each least probability, a model's own one among them.

    One that leaves out no more rows than the one before is left out itself, but for the model's own.
    """
    found: list[Coverage] = []
    for least in THRESHOLDS if own is None else sorted({*THRESHOLDS, own}):
        one = most_covered(confidences, right, least)
        if not found or one.rows < found[-1].rows or least == own:
            found.append(one)
    return found


def most_covered(confidences: FloatArray, right: BoolArray, least: float) -> Coverage:
    """Judge one least probability."""
    found = count_answered(confidences >= least, right)
    return Coverage(least, found.rows, found.coverage, found.accuracy)


def count_answered(answered: BoolArray, right: BoolArray) -> Answered:
    """Return how many rows are answered, and how good the answers are: (rows,) both."""
    rows = int(answered.sum())
    accuracy = wilson(int((answered & right).sum()), rows) if rows else None
    return Answered(rows, rows / len(answered), accuracy)


def curve(confidences: FloatArray, right: BoolArray, points: int = 50) -> Sequence[Coverage]:
    """Judge this many least probabilities, each answering an equal share of rows more, rounded up, the surest first.

    Where several rows have such a probability all are answered.
    """
    places = -(-np.arange(1, points + 1) * len(confidences) // points) - 1
    surest = np.sort(confidences)[::-1][places]
    return [most_covered(confidences, right, least) for least in np.unique(surest)[::-1].tolist()]


def wilson(right: float, rows: int) -> Interval:
    """Return a share with its 95 % interval by Wilson's score; rows that are right in part count in part."""
    share, square = right / rows, Z * Z / rows
    middle, half = share + square / 2, Z * math.sqrt(share * (1 - share) / rows + square / (4 * rows))
    low, high = ((middle + sign * half) / (1 + square) for sign in (-1, 1))
    return Interval(share, min(max(low, 0.0), share), max(min(high, 1.0), share))
