"""Rows of small bar charts → one picture on one logarithmic scale, in which an exact 0 is written as 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.reports.charts.log_scale import LogScale, scale_of
from unrolled.reports.charts.svg import COLOURS, Drawing, element, path, words

WIDTH, LEFT, GAP, HEADING, PLOT, BELOW = 760, 60, 26, 44, 84, 26
ZERO = 4.5  # half the width of the figure 0


@dataclass(frozen=True)
class Bars:
    """Numbers that are not negative, and the words under some of their places."""

    title: str
    values: Sequence[float]
    ticks: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Row:
    """The charts of one network."""

    name: str
    charts: Sequence[Bars]
    colour: int = 0


def bar_grid(title: str, across: str, rows: Sequence[Row]) -> Drawing:
    """Draw the rows under each other; a number below the scale is a line at its foot."""
    values = [value for row in rows for chart in row.charts for value in chart.values]
    parts, y = [words(title, LEFT, 22, class_="ink title")], 34
    for row in rows:
        parts.append(words(row.name, LEFT, y + 16))
        parts.append(_charts(row, scale_of(values, y + HEADING + PLOT, y + HEADING)))
        y += HEADING + PLOT + BELOW
    parts.append(words(across, WIDTH / 2, y + 14, anchor="middle"))
    return Drawing(WIDTH, y + 28, "".join(parts), title)


def _charts(row: Row, scale: LogScale) -> str:
    width = (WIDTH - LEFT - GAP * len(row.charts)) / len(row.charts)
    parts = [words(label, LEFT - 8, y + 4, anchor="end") for y, label in scale.ticks()[::2]]
    for number, chart in enumerate(row.charts):
        left = LEFT + number * (width + GAP)
        parts.append(words(chart.title, left, scale.top - 8))
        parts += [path([(left, y), (left + width, y)], "rule") for y, _ in scale.ticks()[::2]]
        parts.append(_bars(chart, scale, left, width, row.colour))
    return element("g", *parts)


def _bars(chart: Bars, scale: LogScale, left: float, width: float, colour: int) -> str:
    step = width / len(chart.values)
    parts = [path([(left, scale.bottom), (left + width, scale.bottom)], "rule")]
    for place, value in enumerate(chart.values):
        x, y = left + place * step, min(scale.place(value), scale.bottom - 1)
        if value == 0:
            middle = x + max(step / 2, ZERO)  # next to the neighbour's bar where bars are narrow
            parts.append(words("0", middle, scale.bottom - 3, anchor="middle"))
        else:
            bar = {"x": x + 0.1 * step, "y": y, "width": 0.8 * step, "height": scale.bottom - y}
            parts.append(element("rect", class_=f"fill{colour % COLOURS}", **bar))
    for place, label in chart.ticks:
        parts.append(words(label, left + (place + 0.5) * step, scale.bottom + 16, anchor="middle"))
    return "".join(parts)
