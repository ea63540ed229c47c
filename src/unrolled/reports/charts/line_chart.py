"""Lines over the steps back → a picture on a logarithmic scale, each line with its band and labelled at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.reports.charts.end_labels import LABEL, end_labels
from unrolled.reports.charts.log_scale import LogScale, scale_of
from unrolled.reports.charts.svg import COLOURS, Drawing, path, words

WIDTH, LEFT, RIGHT, TOP, PLOT = 760, 60, 260, 40, 260


@dataclass(frozen=True)
class Line:
    """Values by steps back, from 0 on, with the limits of their band; lines of one colour belong together."""

    name: str
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    colour: int = 0
    dashed: bool = False


def line_chart(title: str, across: str, lines: Sequence[Line]) -> Drawing:
    """Draw the lines; what falls below the scale is cut off."""
    bottom, far = TOP + max(PLOT, LABEL * len(lines)), max(len(line.values) for line in lines) - 1
    scale = scale_of([value for line in lines for value in line.values], bottom, TOP)
    width = (WIDTH - LEFT - RIGHT) / max(far, 1)
    parts = [words(title, LEFT, 22, class_="ink title"), _frame(scale, far, width)]
    parts += [_band(line, scale, width) for line in lines if not line.dashed]
    parts += [_line(line, scale, width) for line in lines]
    parts.append(_labels(lines, scale, width))
    parts.append(words(across, LEFT + far * width / 2, bottom + 38, anchor="middle"))
    return Drawing(WIDTH, round(bottom) + 56, "".join(parts), title)


def _frame(scale: LogScale, far: int, width: float) -> str:
    parts = []
    for y, label in scale.ticks():
        parts.append(path([(LEFT, y), (LEFT + far * width, y)], "rule"))
        parts.append(words(label, LEFT - 8, y + 4, anchor="end"))
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, far + 1) if far / size <= 10)
    places = range(0, far + 1, step)
    return "".join([*parts, *(words(str(k), LEFT + k * width, scale.bottom + 18, anchor="middle") for k in places)])


def _points(values: Sequence[float], scale: LogScale, width: float) -> list[tuple[float, float]]:
    return [(LEFT + k * width, scale.place(value)) for k, value in enumerate(values)]


def _band(line: Line, scale: LogScale, width: float) -> str:
    around = [*_points(line.low, scale, width), *reversed(_points(line.high, scale, width))]
    return path(around, f"band fill{line.colour % COLOURS}", closed=True)


def _line(line: Line, scale: LogScale, width: float) -> str:
    shown = [k for k, value in enumerate(line.values) if scale.shows(value)] or [0]
    points = _points(line.values, scale, width)[max(shown[0] - 1, 0) : shown[-1] + 2]
    return path(points, _style(line))


def _labels(lines: Sequence[Line], scale: LogScale, width: float) -> str:
    named = [(line.name, _style(line), _points(line.values, scale, width)[-1]) for line in lines]
    return end_labels(named, WIDTH - RIGHT, scale.top, scale.bottom)


def _style(line: Line) -> str:
    return f"line line{line.colour % COLOURS}{' dashed' if line.dashed else ''}"
