"""Names, each with a number → all who have the least or the most of it: on a tie nobody is named alone."""

from __future__ import annotations

import math
from collections.abc import Mapping


def least(numbers: Mapping[str, float]) -> list[str]:
    """Name all who have the smallest number."""
    return _tied(numbers, min(numbers.values()))


def most(numbers: Mapping[str, float]) -> list[str]:
    """Name all who have the largest number."""
    return _tied(numbers, max(numbers.values()))


def _tied(numbers: Mapping[str, float], extreme: float) -> list[str]:
    """Name all who have this number; sums and differences of the same shares may differ in their last bits."""
    return [name for name, number in numbers.items() if math.isclose(number, extreme, abs_tol=1e-9)]
