"""Probability of the predicted label (rows,), whether it was right (rows,) → what a least probability leaves, how good.

    coverage = rows whose probability reaches it / rows      accuracy = right ones of these / these

This is what `predict --min-probability` does. The interval is Wilson's (1927), not the bootstrap's: of few rows that
are all right, every resample is all right too, and would pretend to be certain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.evaluation.bootstrap import Interval

LEAST = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
Z = 1.959963984540054  # of the normal distribution 95 % lie within ± Z


@dataclass(frozen=True)
class Coverage:
    """Rows that keep their label under a least probability, their share of all, and the accuracy; None of no rows."""

    min_probability: float
    rows: int
    coverage: float
    accuracy: Interval | None


def coverages(confidences: NDArray[np.floating[Any]], right: NDArray[np.bool_]) -> list[Coverage]:
    """Judge each least probability; one that leaves out no more rows than the one before is left out itself."""
    found: list[Coverage] = []
    for least in LEAST:
        answered = confidences >= least
        rows = int(answered.sum())
        if not found or rows < found[-1].rows:
            accuracy = wilson(int((answered & right).sum()), rows) if rows else None
            found.append(Coverage(least, rows, rows / len(confidences), accuracy))
    return found


def wilson(right: float, rows: int) -> Interval:
    """Give a share with its 95 % interval by Wilson's score; rows that are right in part count in part."""
    share, square = right / rows, Z * Z / rows
    middle, half = share + square / 2, Z * math.sqrt(share * (1 - share) / rows + square / (4 * rows))
    low, high = ((middle + sign * half) / (1 + square) for sign in (-1, 1))
    return Interval(share, min(max(low, 0.0), share), max(min(high, 1.0), share))
