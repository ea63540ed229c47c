"""Positive numbers and a stretch of pixels → where each number stands on a logarithmic scale, and its ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

DEEPEST = 20  # decades below the largest number that are drawn
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class LogScale:
    """From 10**low at pixel `bottom` to 10**high at pixel `top`, which is the smaller number."""

    low: int
    high: int
    bottom: float
    top: float
    plain: bool = False  # whether a tick reads 0.01, or 10⁻²

    def place(self, value: float) -> float:
        """Place a number; what is below the scale, 0 too, stands at its bottom, what is above it at its top."""
        exponent = math.log10(value) if value > 0 else self.low
        share = (min(max(exponent, self.low), self.high) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)

    def shows(self, value: float) -> bool:
        """Return whether a number is on the scale."""
        return value > 0 and self.low <= math.log10(value) <= self.high

    def ticks(self) -> list[tuple[float, str]]:
        """Return the pixels and the words of at most 6 powers of ten; of a plain one of two also 2 and 5 times them."""
        step = math.ceil((self.high - self.low) / 5)
        exponents = range(self.high, self.low - 1, -step)
        if not self.plain:
            return [(self.place(10.0**n), power(n)) for n in exponents]
        between = [size * 10.0**n for n in exponents[1:] for size in (2, 5)] if len(exponents) <= 3 else []
        return [(self.place(value), f"{value:,.10g}") for value in (*(10.0**n for n in exponents), *between)]


def scale_of(values: Iterable[float], bottom: float, top: float, *, plain: bool = False) -> LogScale:
    """Span the positive ones of the numbers by whole decades, no more than the deepest."""
    exponents = [math.log10(value) for value in values if value > 0] or [0.0]
    high = math.ceil(max(exponents))
    return LogScale(max(min(math.floor(min(exponents)), high - 1), high - DEEPEST), high, bottom, top, plain)


def power(exponent: int) -> str:
    """Write a power of ten: 1, 10⁻³."""
    return "1" if exponent == 0 else "10" + str(exponent).translate(_SUPERSCRIPTS)
