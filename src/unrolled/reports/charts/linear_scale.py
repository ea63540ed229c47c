"""Numbers and a stretch of pixels → where each number stands on an even scale, and its ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

MOST_STEPS = 6
FINEST = 1e-6  # a step, as a share of the largest number: below it labels would be alike and floats run out


@dataclass(frozen=True)
class LinearScale:
    """From `low` at pixel `bottom` to `high` at pixel `top`, with a tick every `step`."""

    low: float
    high: float
    step: float
    bottom: float
    top: float

    def place(self, value: float) -> float:
        """Place a number; what is beyond the scale stands at its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)

    def ticks(self) -> list[tuple[float, str]]:
        """Return the pixels and the words of at most 7 numbers, all multiples of the step."""
        first, last = round(self.low / self.step), round(self.high / self.step)
        digits = max(0, -math.floor(math.log10(self.step)))
        return [
            (self.place(n * self.step), f"{n * self.step:.{digits}f}".replace("-", "−")) for n in range(first, last + 1)
        ]


def linear_scale_of(values: Iterable[float], bottom: float, top: float, *, least: float = 0.0) -> LinearScale:
    """Span the numbers by at most 6 whole steps of 1, 2 or 5 times a power of ten, none below the least."""
    known = list(values) or [0.0]
    low, high = min(known), max(known)
    least = max(least, FINEST * max(abs(low), abs(high)))
    step = _step_above(max((high - low) / MOST_STEPS or abs(high) / 10 or 1.0, least))
    while math.ceil(high / step) - math.floor(low / step) > MOST_STEPS:
        step = _step_above(1.01 * step)
    first, last = math.floor(low / step), math.ceil(high / step)
    return LinearScale(first * step, max(last, first + 1) * step, step, bottom, top)


def _step_above(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next((size * power for size in (1, 2, 5) if size * power >= least), 10 * power)
