"""A matrix of counts with labels → a picture of it: each row's shares as shades, the counts written in the cells."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.formatting.control_characters import escape_forbidden
from unrolled.formatting.quantities import count
from unrolled.formatting.truncate import truncate, width
from unrolled.reports.charts.svg import CHARACTER, Drawing, element, path, words

WIDTH, LEFT, EDGE, TOP, WIDEST, ROW = 760, 190, 750, 84, 110, 26
MOST = 20  # labels that are readable
LONGEST = 22  # columns of a label
DARKEST = 0.5  # opacity under which words stay readable, on light and on dark paper


def heat_map(title: str, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> Drawing:
    """Draw at most `MOST` labels, rows true, columns predicted; the largest share of mistakes is the darkest."""
    cell = min(WIDEST, (EDGE - LEFT) / len(labels))
    right, bottom = LEFT + cell * len(labels), TOP + ROW * len(labels)
    labels = [escape_forbidden(label) for label in labels]
    fit = all(CHARACTER * width(label) <= cell - 6 for label in labels)
    parts = [words(title, 0, 22, class_="ink title"), words("predicted", LEFT, 48), words("true", 0, TOP - 10)]
    for n, label in enumerate(labels):
        named = truncate(label, LONGEST if fit else LONGEST - 3)
        parts.append(words(named if fit else f"{n + 1} {named}", 0, TOP + ROW * (n + 0.5) + 4))
        parts.append(words(label if fit else str(n + 1), LEFT + cell * (n + 0.5), TOP - 10, anchor="middle"))
        parts.append(_row(counts[n], cell, TOP + ROW * n, _shades(counts, n), own=n))
    parts += [path([(LEFT, y), (right, y)], "rule") for y in range(TOP, bottom + 1, ROW)]
    parts += [path([(LEFT + n * cell, TOP), (LEFT + n * cell, bottom)], "rule") for n in range(len(labels) + 1)]
    return Drawing(WIDTH, bottom + 10, "".join(parts), title)


def _shades(counts: Sequence[Sequence[int]], own: int) -> list[float]:
    """Return the opacities of a row: of what is right its share, of a mistake its share of the largest there is."""
    shares = [[number / max(sum(row), 1) for number in row] for row in counts]
    worst = max((share for n, row in enumerate(shares) for m, share in enumerate(row) if n != m), default=0.0) or 1.0
    return [DARKEST * (share if m == own else share / worst) for m, share in enumerate(shares[own])]


def _row(counts: Sequence[int], cell: float, y: float, shades: Sequence[float], *, own: int) -> str:
    """Draw the shades, what is right in another colour than what is wrong, and where there is none nothing."""
    parts = []
    for n, (number, shade) in enumerate(zip(counts, shades, strict=True)):
        if number:
            x, colour = LEFT + n * cell, "fill0" if n == own else "fill1"
            parts.append(element("rect", x=x, y=y, width=cell, height=ROW, class_=colour, opacity=f"{shade:.3f}"))
            parts.append(words(_fitting(number, cell), x + cell / 2, y + ROW / 2 + 4, anchor="middle"))
    return "".join(parts)


def _fitting(number: int, cell: float) -> str:
    """Write a count as exactly as the cell has room for: 12,345, 12345, 12.3k or 12k."""
    unit, name = (1e3, "k") if number < 999_500 else (1e6, "M")
    forms = (f"{number:,}", str(number), count(number))
    return next((form for form in forms if CHARACTER * len(form) <= cell - 1), f"{number / unit:.0f}{name}")
