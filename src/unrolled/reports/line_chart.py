"""Lines over the steps back → a picture on a logarithmic scale, each line with its band and labelled at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.reports.log_scale import LogScale, scale_of
from unrolled.reports.svg import COLOURS, Drawing, element, path, words

WIDTH, LEFT, RIGHT, TOP, PLOT = 760, 60, 260, 40, 260
LABEL = 16  # pixels between two labels
LONGEST = 31  # characters of a label


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
    parts += _labels(lines, scale, width)
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
    return [(LEFT + k * width, scale.y(value)) for k, value in enumerate(values)]


def _band(line: Line, scale: LogScale, width: float) -> str:
    around = [*_points(line.low, scale, width), *reversed(_points(line.high, scale, width))]
    return path(around, f"band fill{line.colour % COLOURS}", closed=True)


def _line(line: Line, scale: LogScale, width: float) -> str:
    shown = [k for k, value in enumerate(line.values) if scale.shows(value)] or [0]
    points = _points(line.values, scale, width)[max(shown[0] - 1, 0) : shown[-1] + 2]
    return path(points, f"line line{line.colour % COLOURS}{' dashed' if line.dashed else ''}")


def _labels(lines: Sequence[Line], scale: LogScale, width: float) -> list[str]:
    """Write each line's name to the right of its end, moved so that none covers another, with a leader to the line."""
    ends = [_points(line.values, scale, width)[-1] for line in lines]
    places = _apart([y for _, y in ends], scale.top, scale.bottom)
    parts = []
    for line, (x, y), place in zip(lines, ends, places, strict=True):
        style = f"line line{line.colour % COLOURS}{' dashed' if line.dashed else ''}"
        parts.append(path([(x, y), (WIDTH - RIGHT + 10, place), (WIDTH - RIGHT + 26, place)], style))
        parts.append(words(_short(line.name), WIDTH - RIGHT + 31, place + 4))
    return [element("g", *parts)]


def _short(name: str) -> str:
    """Cut the middle out of a long name: its end tells it from others."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST // 3]}…{name[-(2 * LONGEST // 3) :]}"


def _apart(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Move places apart, as little upwards and downwards as it takes, in their order."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = {}
    lowest = top
    for n in order:
        placed[n] = max(wanted[n], lowest)
        lowest = placed[n] + LABEL
    highest = bottom
    for n in reversed(order):
        placed[n] = min(placed[n], highest)
        highest = placed[n] - LABEL
    return [placed[n] for n in range(len(wanted))]
