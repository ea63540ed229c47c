"""Rows and how many of them are right → the precision that is surely reached, by Clopper and Pearson (1934).

tail(k, n, p) = Σ_{i = k}^{n} C(n, i) p^i (1 - p)^{n - i},   the chance of k or more right ones of n
the lower bound is the p with tail(k, n, p) = 1 - sure:   smaller p make what was seen too rare
"""

from __future__ import annotations

import math

import numpy as np

CONFIDENCE = 0.95
MOST = 10**7  # rows that are asked for


def tail(right: int, rows: int, precision: float) -> float:
    """Return the chance of this many right ones or more, each being right with probability `precision` in (0, 1)."""
    if right <= 0:
        return 1.0
    wrong = np.arange(1, rows - right + 1, dtype=np.float64)
    # ln C(n, k) and then, row by row, what C(n, i + 1) has more than C(n, i): of the few wrong ones alone
    steps = np.log(rows + 1 - wrong) - np.log(wrong)
    first, places = float(steps.sum()), np.arange(right, rows + 1)
    ways = first - np.concatenate([[0.0], np.cumsum(steps[::-1])])
    logs = ways + places * math.log(precision) + (rows - places) * math.log1p(-precision)
    return min(1.0, float(np.exp(logs).sum()))


def rows_needed(share: float, target: float, *, confidence: float = CONFIDENCE) -> int | None:
    """Estimate how many rows, of which this share is right, prove the target; None if ten million are too few."""
    if share <= target:
        return None

    def proves(rows: int) -> bool:
        return tail(math.floor(share * rows), rows, target) <= 1 - confidence

    most = 1
    while not proves(most):
        most *= 2
        if most > MOST:
            return None
    low, high = most // 2, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proves(middle) else (middle, high)
    return high
