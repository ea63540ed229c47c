"""A matrix of counts with labels → a picture of it: each row's shares as shades, the counts written in the cells."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.evaluation.table import width
from unrolled.reports.quantities import count
from unrolled.reports.shortened import shortened
from unrolled.reports.svg import CHARACTER, Drawing, element, path, words

WIDTH, LEFT, EDGE, TOP, WIDEST, ROW = 760, 190, 750, 84, 110, 26
MOST = 20  # labels that are readable
LONGEST = 22  # columns of a label
DARKEST = 0.5  # opacity under which words stay readable, on light and on dark paper


def heat_map(title: str, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> Drawing:
    """Draw at most `MOST` labels, rows true, columns predicted; a shade is a count's share of its row."""
    cell = min(WIDEST, (EDGE - LEFT) / len(labels))
    right, bottom = LEFT + cell * len(labels), TOP + ROW * len(labels)
    fit = all(CHARACTER * width(label) <= cell - 6 for label in labels)
    parts = [words(title, 0, 22, class_="ink title"), words("predicted", LEFT, 48), words("true", 0, TOP - 10)]
    for n, label in enumerate(labels):
        named = shortened(label, LONGEST if fit else LONGEST - 3)
        parts.append(words(named if fit else f"{n + 1} {named}", 0, TOP + ROW * (n + 0.5) + 4))
        parts.append(words(label if fit else str(n + 1), LEFT + cell * (n + 0.5), TOP - 10, anchor="middle"))
        parts.append(_row(counts[n], cell, TOP + ROW * n, own=n))
    parts += [path([(LEFT, y), (right, y)], "rule") for y in range(TOP, bottom + 1, ROW)]
    parts += [path([(LEFT + n * cell, TOP), (LEFT + n * cell, bottom)], "rule") for n in range(len(labels) + 1)]
    return Drawing(WIDTH, bottom + 10, "".join(parts), title)


def _row(counts: Sequence[int], cell: float, y: float, *, own: int) -> str:
    """Draw the shades, what is right in another colour than what is wrong, and where there is none nothing."""
    whole, parts = sum(counts), []
    for n, number in enumerate(counts):
        if number:
            x, colour = LEFT + n * cell, "fill0" if n == own else "fill1"
            shade = f"{DARKEST * number / whole:.3f}"
            parts.append(element("rect", x=x, y=y, width=cell, height=ROW, class_=colour, opacity=shade))
            told = f"{number:,}" if CHARACTER * len(f"{number:,}") <= cell - 2 else count(number)
            parts.append(words(told, x + cell / 2, y + ROW / 2 + 4, anchor="middle"))
    return "".join(parts)
