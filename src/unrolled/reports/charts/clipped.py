"""Intervals, some of what is not finished → what a scale must hold, and which intervals go further than it.

Of an unfinished model little is known: its interval, drawn whole, could press those of all others together.
"""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.evaluation.bootstrap import Interval
from unrolled.reports.charts.linear_scale import LinearScale
from unrolled.reports.charts.marks import Mark
from unrolled.reports.charts.svg import path

ARROW = "an arrow: the interval goes further"
HALF = 4  # half the size of an arrow, in pixels


def to_hold(shown: Sequence[tuple[Interval, Mark]]) -> list[float]:
    """List what a scale must hold: all numbers, and the intervals of what is finished, or of all if nothing is."""
    whole = [interval for interval, mark in shown if not mark.hollow] or [interval for interval, _ in shown]
    return [*(one.value for one, _ in shown), *(bound for one in whole for bound in (one.low, one.high))]


def is_clipped(interval: Interval, scale: LinearScale) -> tuple[bool, bool]:
    """Return whether an interval goes further than the scale, below and above."""
    hair = scale.step / 1e6  # a scale's ends are products of floats
    return interval.low < scale.low - hair, interval.high > scale.high + hair


def arrow(x: float, y: float, style: str, *, across: int = 0, down: int = 0) -> str:
    """Draw an arrow's head with its tip at a place, which points to the right and down, or the other way: -1."""
    side = [(x - HALF * across + turn * HALF * down, y - HALF * down + turn * HALF * across) for turn in (-1, 1)]
    return path([side[0], (x, y), side[1]], style)
