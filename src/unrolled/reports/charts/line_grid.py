"""Panels of lines → a picture of them in a grid, all on the same two scales."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unrolled.formatting.truncate import truncate_distinct
from unrolled.reports.charts.linear_scale import linear_scale_of
from unrolled.reports.charts.marks import PLAIN, Mark, mark
from unrolled.reports.charts.scale import Scale
from unrolled.reports.charts.svg import CHARACTER, Drawing, element, path, words

WIDTH, LEFT, GAP, TOP, HEADING, PLOT, BELOW, ACROSS = 760, 44, 24, 34, 30, 96, 26, 3
PANEL = (WIDTH - LEFT) / ACROSS - GAP
LONGEST = 30  # columns of a panel's title
HALF = 3.0  # of a mark

ScaleOf = Callable[[Sequence[float], float, float], Scale]
Ticks = Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Series:
    """Points (x, y) in the order of x, perhaps with a band (low, high) at each; hollow marks one that is unfinished.

    `grey` draws a line to compare with; `dotted` marks every point and not the last alone.
    """

    points: Sequence[tuple[float, float]]
    band: Sequence[tuple[float, float]] = ()
    mark: Mark = PLAIN
    grey: bool = False
    dotted: bool = False


@dataclass(frozen=True)
class Panel:
    """A title and lines."""

    title: str
    series: Sequence[Series]


def line_grid(title: str, across: str, panels: Sequence[Panel], scale_of: ScaleOf, ticks: Ticks = ()) -> Drawing:
    """Draw the panels; `scale_of` makes the scale for x, whose own ticks are drawn if none are given."""
    series = [one for panel in panels for one in panel.series]
    heights = [y for one in series for y in (*(y for _, y in one.points), *(y for both in one.band for y in both))]
    fine = max(1.0, *map(abs, heights)) / 1000  # finer steps would need more words than there is room for
    widths = [x for one in series for x, _ in one.points]
    parts, tall = [words(title, 0, 22, class_="ink title")], HEADING + PLOT + BELOW
    titles = truncate_distinct([panel.title for panel in panels], LONGEST)
    for number, panel in enumerate(panels):
        left, top = LEFT + number % ACROSS * (PANEL + GAP), TOP + number // ACROSS * tall + HEADING
        x, y = scale_of(widths, left + 6, left + PANEL - 6), linear_scale_of(heights, top + PLOT, top, least=fine)
        named = _apart([(x.place(value), word) for value, word in ticks] or x.ticks(), left)
        parts.append(
            element("g", _frame(titles[number], named, y, left), *(_series(one, x, y) for one in panel.series))
        )
    bottom = TOP + -(-len(panels) // ACROSS) * tall
    parts.append(words(across, LEFT, bottom + 12))
    return Drawing(WIDTH, bottom + 24, "".join(parts), title)


def _apart(ticks: Ticks, left: float) -> list[tuple[float, str]]:
    """Leave out each tick whose word would stand on that of one before it, or reach into the next panel's half."""
    placed: list[tuple[float, str]] = []
    for place, word in ticks:
        half, middle = CHARACTER * len(word) / 2, left + PANEL / 2
        inside = abs(place - middle) + half < (PANEL + GAP) / 2
        if inside and all(
            abs(place - other) > half + CHARACTER * len(other_label) / 2 for other, other_label in placed
        ):
            placed.append((place, word))
    return placed


def _frame(title: str, named: Ticks, y: Scale, left: float) -> str:
    parts = [words(title, left, y.top - 12)]
    for place, label in y.ticks():
        parts.append(path([(left, place), (left + PANEL, place)], "rule"))
        parts.append(words(label, left - 6, place + 4, anchor="end") if left == LEFT else "")
    parts += [words(label, place, y.bottom + 16, anchor="middle") for place, label in named]
    return "".join(parts)


def _series(one: Series, x: Scale, y: Scale) -> str:
    at = [x.place(across) for across, _ in one.points]
    points = list(zip(at, (y.place(up) for _, up in one.points), strict=True))
    style = "grey dashed line" if one.grey else f"line thin line{one.mark.colour}"
    parts = [path(points, f"{style} dashed" if one.mark.hollow and not one.grey else style)]
    if one.band:
        low, high = ([y.place(bound) for bound in bounds] for bounds in zip(*one.band, strict=True))
        around = [*zip(at, low, strict=True), *reversed(list(zip(at, high, strict=True)))]
        parts.insert(0, path(around, f"band fill{one.mark.colour}", closed=True))
    if not one.grey:
        parts += [mark(*point, one.mark, HALF) for point in (points if one.dotted else points[-1:])]
    return "".join(parts)
