"""Names with several quantities → small charts side by side: a dot on each quantity's scale, and the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.reports.linear_scale import linear_scale_of
from unrolled.reports.log_scale import scale_of
from unrolled.reports.marks import Mark, mark, reach
from unrolled.reports.scale import Scale
from unrolled.reports.shortened import shortened
from unrolled.reports.svg import Drawing, path, words

WIDTH, LEFT, TOP, ROW, GAP, NUMBER = 760, 160, 78, 22, 12, 58
LONGEST = 23  # columns of a name
FAR = 20  # from the smallest number to the largest, beyond which an even scale would hide the small ones
HALF = 4.0  # of a mark


@dataclass(frozen=True)
class Column:
    """A quantity: its title, what is good, and for each name a number that is not negative, or None, and its words."""

    title: str
    good: str
    values: Sequence[float | None]
    words: Sequence[str]

    @property
    def logarithmic(self) -> bool:
        """Say whether the numbers lie so far apart that a logarithmic scale shows them."""
        known = [value for value in self.values if value]
        return bool(known) and max(known) > FAR * min(known)


def dot_grid(title: str, names: Sequence[str], marks: Sequence[Mark], columns: Sequence[Column]) -> Drawing:
    """Draw a row a name and a column a quantity, even scales from 0 on; what was not measured has no dot."""
    bottom = TOP + ROW * len(names)
    wide = (WIDTH - LEFT) / len(columns)
    parts = [words(title, 0, 22, class_="ink title")]
    for n, name in enumerate(names):
        y = TOP + ROW * (n + 0.5)
        parts.append(words(shortened(name, LONGEST), 0, y + 4))
        parts.append(path([(0, y + ROW / 2), (WIDTH, y + ROW / 2)], "rule"))
    for n, column in enumerate(columns):
        parts.append(_column(column, marks, LEFT + n * wide, wide))
    return Drawing(WIDTH, bottom + 6, "".join(parts), title)


def _column(column: Column, marks: Sequence[Mark], left: float, wide: float) -> str:
    scale = _scale(column, left + reach(HALF), left + wide - NUMBER - GAP)
    parts = [words(column.title, left, 46)]
    parts.append(words(f"{column.good}{', log' if column.logarithmic else ''}", left, 62))
    for n, (value, told) in enumerate(zip(column.values, column.words, strict=True)):
        y = TOP + ROW * (n + 0.5)
        if value is not None:
            parts.append(path([(scale.bottom, y), (scale.top, y)], "rule"))
            parts.append(mark(scale.place(value), y, marks[n], HALF))
        parts.append(words(told, left + wide - GAP, y + 4, anchor="end"))
    return "".join(parts)


def _scale(column: Column, left: float, right: float) -> Scale:
    known = [value for value in column.values if value is not None]
    return scale_of(known, left, right) if column.logarithmic else linear_scale_of([0.0, *known], left, right)
