"""Things that cost and gain → gain against cost in a picture, with intervals, names and the line none surpasses."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.evaluation.bootstrap import Interval
from unrolled.formatting.truncate import truncate_distinct, width
from unrolled.reports.charts.clipped import ARROW, arrow, is_clipped, to_hold
from unrolled.reports.charts.label_places import TALL, Box, label_places
from unrolled.reports.charts.linear_scale import LinearScale, linear_scale_of
from unrolled.reports.charts.log_scale import scale_of
from unrolled.reports.charts.marks import PLAIN, Mark, mark, reach
from unrolled.reports.charts.scale import Scale
from unrolled.reports.charts.svg import CHARACTER, Drawing, element, path, words
from unrolled.reports.pareto import pareto_front

WIDTH, LEFT, EDGE, TOP, PLOT, INNER = 760, 60, 738, 62, 300, 12
LONGEST = 28  # columns of a name


@dataclass(frozen=True)
class Point:
    """A thing's cost, above 0, its gain with an interval, its mark; only what counts can be on the front."""

    name: str
    cost: float
    gain: Interval
    mark: Mark = PLAIN
    counts: bool = True


def scatter(title: str, across: str, up: str, points: Sequence[Point]) -> Drawing:
    """Draw gain against cost, the cost on a logarithmic scale; the step line is the Pareto front."""
    bottom = TOP + max(PLOT, 2 * TALL * len(points) + 2 * INNER)
    x = scale_of([point.cost for point in points], LEFT, EDGE, plain=True)
    y = linear_scale_of(to_hold([(point.gain, point.mark) for point in points]), bottom, TOP)
    parts = [words(title, 0, 22, class_="ink title"), words(up, 0, 44), _frame(x, y)]
    steps = _steps(points, x, y)
    parts.append(path(steps, "line line2 dashed") if steps else "")
    parts += [_point(point, x, y) for point in points]
    parts.append(_names(points, x, y))
    axis_title = f"{across}; {ARROW}" if any(any(is_clipped(point.gain, y)) for point in points) else across
    parts.append(words(axis_title, (LEFT + EDGE) / 2, bottom + 42, anchor="middle"))
    return Drawing(WIDTH, round(bottom) + 54, "".join(parts), title)


def front(points: Sequence[Point]) -> list[Point]:
    """Return the points that nothing else beats in both, from the cheapest to the dearest."""
    counted = [point for point in points if point.counts]
    return [counted[n] for n in pareto_front([(point.cost, point.gain.value) for point in counted])]


def _frame(x: Scale, y: Scale) -> str:
    rows = [
        path([(LEFT, place), (EDGE, place)], "rule") + words(label, LEFT - 8, place + 4, anchor="end")
        for place, label in y.ticks()
    ]
    columns = [
        path([(place, y.top), (place, y.bottom + 4)], "rule") + words(label, place, y.bottom + 20, anchor="middle")
        for place, label in x.ticks()
    ]
    return "".join([*rows, *columns])


def _steps(points: Sequence[Point], x: Scale, y: Scale) -> list[tuple[float, float]]:
    """Return the corners of the front's line: to the right as far as nothing gains more, then up."""
    corners: list[tuple[float, float]] = []
    for point in front(points):
        across, up = x.place(point.cost), y.place(point.gain.value)
        corners += [(across, corners[-1][1]), (across, up)] if corners else [(across, up)]
    return [*corners, (EDGE, corners[-1][1])] if corners else []


def _point(point: Point, x: Scale, y: LinearScale) -> str:
    across, low, middle, high = x.place(point.cost), *_heights(point, y)
    style = f"line thin line{point.mark.colour}"
    whisker = path([(across, low), (across, high)], f"{style} dashed" if point.mark.hollow else style)
    ends = zip((low, high), (1, -1), is_clipped(point.gain, y), strict=True)
    arrows = [arrow(across, end, style, down=out) for end, out, on in ends if on]
    return element("g", whisker, *arrows, mark(across, middle, point.mark))


def _heights(point: Point, y: Scale) -> tuple[float, float, float]:
    return y.place(point.gain.low), y.place(point.gain.value), y.place(point.gain.high)


def _names(points: Sequence[Point], x: Scale, y: Scale) -> str:
    names = truncate_distinct([point.name for point in points], LONGEST)
    places = [(x.place(point.cost), y.place(point.gain.value)) for point in points]
    wide, half = [CHARACTER * width(name) for name in names], reach()
    marks = [Box(across - half, up - half, across + half, up + half) for across, up in places]
    whiskers = [
        Box(across - 1, high, across + 1, low)
        for (across, _), (low, _, high) in zip(places, (_heights(point, y) for point in points), strict=True)
    ]
    steps = _steps(points, x, y)
    lines = [_around(*pair) for pair in itertools.pairwise(steps)]
    area = Box(LEFT, y.top, EDGE, y.bottom)
    parts = []
    for name, box, place in zip(
        names, label_places(places, wide, [*marks, *whiskers, *lines], area), places, strict=True
    ):
        parts.append(_leader(box, place) + words(name, box.left, box.bottom - 3))
    return "".join(parts)


def _around(start: tuple[float, float], end: tuple[float, float]) -> Box:
    """Return the box around a stretch of the line, which goes to the right or up."""
    return Box(start[0] - 2, end[1] - 2, end[0] + 2, start[1] + 2)


def _leader(box: Box, place: tuple[float, float]) -> str:
    """Lead from a name to its mark where they are not side by side."""
    x, y = place
    near = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
    return path([place, near], "rule") if abs(near[0] - x) + abs(near[1] - y) > 1.5 * reach() + 4 else ""
