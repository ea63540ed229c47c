"""Names, each with a number and its interval → a picture with a row a name, marked by shape, the numbers next to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unrolled.evaluation.bootstrap import Interval
from unrolled.formatting.truncate import truncate_distinct
from unrolled.reports.charts.clipped import ARROW, arrow, is_clipped, to_hold
from unrolled.reports.charts.linear_scale import LinearScale, linear_scale_of
from unrolled.reports.charts.marks import PLAIN, Mark, mark, reach
from unrolled.reports.charts.svg import Drawing, element, path, words

WIDTH, LEFT, EDGE, TOP, ROW, CAP, LINE = 776, 175, 470, 38, 24, 4, 16
NUMBERS, WORD = EDGE + 14, EDGE + 160
LONGEST = 24  # columns of a name


@dataclass(frozen=True)
class Row:
    """A name, its number with an interval, its mark, and the words for the number."""

    name: str
    interval: Interval
    words: str
    mark: Mark = PLAIN


def intervals(
    title: str,
    across: str,
    rows: Sequence[Row],
    solid: Sequence[float] = (),
    dashed: Sequence[float] = (),
    floor: float = -math.inf,
) -> Drawing:
    """Draw the rows under each other on one even scale; numbers to compare with are lines from top to bottom.

    A number below the floor is a triangle at the left edge: it would leave no room for those that lie near each other.
    Nor do the intervals of hollow marks make room: where one goes further than the scale, it ends in an arrow.
    """
    bottom = TOP + ROW * len(rows)
    held = to_hold([(row.interval, row.mark) for row in rows])
    scale = linear_scale_of([max(value, floor) for value in (*held, *solid, *dashed)], LEFT, EDGE)
    parts = [words(title, 0, 22, class_="ink title"), _frame(scale, bottom)]
    for style, values in (("", solid), (" dashed", dashed)):
        parts += [path([(x, TOP), (x, bottom)], f"line thin line1{style}") for x in map(scale.place, values)]
    names = truncate_distinct([row.name for row in rows], LONGEST)
    parts += [
        _row(row, name, scale, TOP + ROW * (n + 0.5)) for n, (row, name) in enumerate(zip(rows, names, strict=True))
    ]
    cut = [row for row in rows if row.interval.value >= scale.low and any(is_clipped(row.interval, scale))]
    lines = [across, *([ARROW] if cut else [])]
    parts += [words(line, (LEFT + EDGE) / 2, bottom + 40 + LINE * n, anchor="middle") for n, line in enumerate(lines)]
    return Drawing(WIDTH, bottom + 36 + LINE * len(lines), "".join(parts), title)


def _frame(scale: LinearScale, bottom: float) -> str:
    return "".join(
        path([(x, TOP), (x, bottom + 4)], "rule") + words(label, x, bottom + 19, anchor="middle")
        for x, label in scale.ticks()
    )


def _row(row: Row, short: str, scale: LinearScale, y: float) -> str:
    low, middle, high = map(scale.place, (row.interval.low, row.interval.value, row.interval.high))
    style = f"line line{row.mark.colour}"
    numbers_and_word = [words(row.words, NUMBERS, y + 4), words(row.mark.word, WORD, y + 4)]
    name = words(short, LEFT - 10, y + 4, anchor="end")
    if row.interval.value < scale.low:
        return element("g", name, mark(LEFT + reach(), y, replace(row.mark, shape="left")), *numbers_and_word)
    whisker = path([(low, y), (high, y)], f"{style} dashed" if row.mark.hollow else style)
    ends = zip((low, high), (-1, 1), is_clipped(row.interval, scale), strict=True)
    caps = [arrow(x, y, style, across=out) if on else _cap(x, y, style) for x, out, on in ends]
    return element("g", name, whisker, *caps, mark(middle, y, row.mark), *numbers_and_word)


def _cap(x: float, y: float, style: str) -> str:
    return path([(x, y - CAP), (x, y + CAP)], style)
