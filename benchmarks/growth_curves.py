"""Numbers measured at numbers → curves on two logarithmic scales, labelled at their ends; a flat one costs no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from unrolled.reports.charts.end_labels import LABEL, end_labels
from unrolled.reports.charts.log_scale import LogScale, scale_of
from unrolled.reports.charts.svg import COLOURS, Drawing, element, path, words

WIDTH, LEFT, EDGE, TOP, PLOT = 760, 60, 560, 40, 220
MARK = 3.0  # half the side of the square at a measured point


@dataclass(frozen=True)
class Curve:
    """Points (at, measured), both positive, in the order of `at`; curves of one colour belong together."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: int = 0
    dashed: bool = False

    @property
    def style(self) -> str:
        """Name the classes of its line."""
        return f"line line{self.colour % COLOURS}{' dashed' if self.dashed else ''}"


def curves(title: str, across: str, drawn: Sequence[Curve]) -> Drawing:
    """Draw the curves and what they were measured at."""
    bottom = TOP + max(PLOT, LABEL * len(drawn))
    at, measured = zip(*chain.from_iterable(curve.points for curve in drawn), strict=True)
    x, y = scale_of(at, LEFT, EDGE), scale_of(measured, bottom, TOP)
    placed = [[(x.place(one), y.place(other)) for one, other in curve.points] for curve in drawn]
    named = [(curve.name, curve.style, points[-1]) for curve, points in zip(drawn, placed, strict=True)]
    parts = [words(title, LEFT, 22, class_="ink title"), _frame(x, y)]
    parts += [_curve(curve, points) for curve, points in zip(drawn, placed, strict=True)]
    parts.append(end_labels(named, EDGE, TOP, bottom))
    parts.append(words(across, (LEFT + EDGE) / 2, bottom + 38, anchor="middle"))
    return Drawing(WIDTH, round(bottom) + 56, "".join(parts), title)


def _frame(x: LogScale, y: LogScale) -> str:
    rows = [
        path([(LEFT, place), (EDGE, place)], "rule") + words(label, LEFT - 8, place + 4, anchor="end")
        for place, label in y.ticks()
    ]
    columns = [words(label, place, y.bottom + 18, anchor="middle") for place, label in x.ticks()]
    return "".join([*rows, *columns])


def _curve(curve: Curve, points: Sequence[tuple[float, float]]) -> str:
    marks = [
        element("rect", x=x - MARK, y=y - MARK, width=2 * MARK, height=2 * MARK, class_=f"fill{curve.colour % COLOURS}")
        for x, y in points
    ]
    return "".join([path(points, curve.style), *marks])
