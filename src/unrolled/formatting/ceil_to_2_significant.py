"""A number → rounded up to two digits: where it is a guess, more would pretend to know."""

from __future__ import annotations

import math


def ceil_to_2_significant(number: float) -> int:
    """Return the least whole number of two digits and zeros that is not below a positive one, but by rounding alone."""
    unit: int = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return math.ceil(number / unit - 1e-6) * unit
