"""p-values of several tests → p-values corrected so that by chance any falls below 5 % at most 5 % of the time.

In ascending order the k-th of m is multiplied by m - k + 1, and none may be less than one before it nor more than 1
(Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure).
"""

from __future__ import annotations

from collections.abc import Sequence


def holm(values: Sequence[float]) -> list[float]:
    """Correct the p-values; the order stays."""
    corrected, least = [0.0] * len(values), 0.0
    for before, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        least = max(least, min(1.0, values[place] * (len(values) - before)))
        corrected[place] = least
    return corrected
