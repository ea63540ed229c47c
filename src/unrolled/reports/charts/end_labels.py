"""Names, and the ends of their lines → the names to the right of all lines, none on another, each led to its end."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.formatting.truncate import truncate_distinct
from unrolled.reports.charts.svg import element, path, words

LABEL = 16  # pixels between two labels
LONGEST = 31  # columns of a label

Named = tuple[str, str, tuple[float, float]]  # the name, the style of its line, where the line ends


def end_labels(named: Sequence[Named], edge: float, top: float, bottom: float) -> str:
    """Write each name beyond the edge at the height of its line's end, or as near to it as the others leave room."""
    places = _apart([y for _, _, (_, y) in named], top, bottom)
    names = truncate_distinct([name for name, _, _ in named], LONGEST)
    parts = []
    for name, (_, style, end), place in zip(names, named, places, strict=True):
        parts.append(path([end, (edge + 10, place)], "rule"))  # no part of the line: nothing was measured there
        parts.append(path([(edge + 10, place), (edge + 26, place)], style))
        parts.append(words(name, edge + 31, place + 4))
    return element("g", *parts)


def _apart(preferred: Sequence[float], top: float, bottom: float) -> list[float]:
    """Move places apart, as little upwards and downwards as it takes, in their order."""
    order = sorted(range(len(preferred)), key=lambda n: preferred[n])
    placed = {}
    lowest = top
    for n in order:
        placed[n] = max(preferred[n], lowest)
        lowest = placed[n] + LABEL
    highest = bottom
    for n in reversed(order):
        placed[n] = min(placed[n], highest)
        highest = placed[n] - LABEL
    return [placed[n] for n in range(len(preferred))]
