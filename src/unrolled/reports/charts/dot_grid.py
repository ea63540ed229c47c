"""Names with several quantities → small charts side by side: a dot on each quantity's scale, and the number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.formatting.truncate import truncate_distinct
from unrolled.reports.charts.linear_scale import LinearScale, linear_scale_of
from unrolled.reports.charts.marks import Mark, mark, reach
from unrolled.reports.charts.svg import Drawing, path, words

WIDTH, LEFT, TOP, ROW, GAP, NUMBER = 760, 160, 78, 22, 14, 40
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
        """Return whether the numbers lie so far apart that a logarithmic scale shows them."""
        known = [value for value in self.values if value]
        return bool(known) and max(known) > FAR * min(known)


def dot_grid(title: str, names: Sequence[str], marks: Sequence[Mark], columns: Sequence[Column]) -> Drawing:
    """Draw a row a name and a column a quantity, even scales from 0 on; what was not measured has no dot."""
    bottom = TOP + ROW * len(names)
    wide = (WIDTH - LEFT) / len(columns)
    parts = [words(title, 0, 22, class_="ink title")]
    for n, name in enumerate(truncate_distinct(names, LONGEST)):
        y = TOP + ROW * (n + 0.5)
        parts.append(words(name, 0, y + 4))
        parts.append(path([(0, y + ROW / 2), (WIDTH, y + ROW / 2)], "rule"))
    for n, column in enumerate(columns):
        parts.append(_column(column, marks, LEFT + n * wide, wide))
    return Drawing(WIDTH, bottom + 6, "".join(parts), title)


def _column(column: Column, marks: Sequence[Mark], left: float, wide: float) -> str:
    first, last = left + reach(HALF), left + wide - NUMBER - GAP - reach(HALF)
    places = _places(column, first, last)
    named = f"{column.title}{', log' if column.logarithmic else ''}"
    parts = [words(named, left, 46, class_="ink title"), words(column.good, left, 62)]
    for n, (x, word) in enumerate(zip(places, column.words, strict=True)):
        y = TOP + ROW * (n + 0.5)
        if x is not None:
            parts.append(path([(first, y), (last, y)], "rule"))
            parts.append(mark(x, y, marks[n], HALF))
        parts.append(words(word, left + wide - GAP, y + 4, anchor="end"))
    return "".join(parts)


def _places(column: Column, left: float, right: float) -> list[float | None]:
    """Place the numbers; a logarithmic scale goes from the smallest above 0 to the largest."""
    known = [value for value in column.values if value is not None]
    if not column.logarithmic:
        even = linear_scale_of([0.0, *known], left, right)
        return [None if value is None else even.place(value) for value in column.values]
    least, most = min(filter(None, known)), max(known)
    scale = LinearScale(math.log10(least), math.log10(most), 1.0, left, right)
    return [None if value is None else scale.place(math.log10(max(value, least))) for value in column.values]
