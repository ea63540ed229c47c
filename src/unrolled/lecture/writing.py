"""Numbers → text that a reader can check with pencil and paper: products, sums, tables, equations in 100 columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

WIDTH = 100


def number(x: float) -> str:
    """Write a number whole if it has at most three decimals, else rounded to four, a tiny one in powers of ten."""
    if abs(x - round(x, 3)) < 1e-12:
        return f"{round(x, 3) + 0.0:.10g}"  # + 0.0: no negative zero
    return f"{x:.4f}" if abs(x) >= 0.01 else f"{x:.2e}"


def numbers(values: Iterable[float]) -> str:
    """Write the numbers of a vector: [0.7, 8.6, -2.4, 2.3]."""
    return f"[{', '.join(map(number, values))}]"


def factor(x: float) -> str:
    """Write a number behind an operator: a negative one in parentheses."""
    return f"({number(x)})" if number(x).startswith("-") else number(x)


def products(weights: Iterable[float], values: Iterable[float]) -> str:
    """Write a sum of products, a weight's sign before its product: 0.5*0.7 - 0.25*(-3.9)."""
    return signed(f"{number(w)}*{factor(x)}" for w, x in zip(weights, values, strict=True))


def total(values: Iterable[float]) -> str:
    """Write a sum: 0.35 - 1.2 + 0.1."""
    return signed(map(number, values))


def signed(terms: Iterable[str]) -> str:
    """Join terms that may begin with a minus."""
    first, *rest = terms
    return first + "".join(f" - {term[1:]}" if term.startswith("-") else f" + {term}" for term in rest)


def fixed(x: float) -> str:
    """Write a number with six decimals, for a column whose numbers become small; only a true zero is 0."""
    return f"{x:.6f}" if x else "0"


def paragraph(text: str, *, indent: int = 0) -> Iterator[str]:
    """Write sentences behind an empty line, broken between words."""
    margin = " " * indent
    yield ""
    yield from textwrap.wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)


def equation(symbol: str, *sides: str, indent: int = 2) -> Iterator[str]:
    """Write `symbol = side = side …`; too long for a line, it is broken behind the first side and before operators."""
    head = f"{' ' * indent}{symbol}"
    whole = " = ".join([head, *sides])
    if len(whole) <= WIDTH:
        yield whole
        return
    yield from _broken(f"{head} = {sides[0]}", len(head) + 5)
    yield " = ".join([" " * len(head), *sides[1:]])


def _broken(line: str, indent: int) -> Iterator[str]:
    while len(line) > WIDTH:
        places = [found.start() for found in re.finditer(r" [+-] ", line[:WIDTH])]
        depth = {place: line.count("(", 0, place) - line.count(")", 0, place) for place in places}
        cut = max(place for place in places if depth[place] == min(depth.values()))
        yield line[:cut]
        line = " " * indent + line[cut + 1 :]
    yield line


def columns(rows: Sequence[Sequence[str]], *, left: int = 1, indent: int = 2) -> Iterator[str]:
    """Write a table: the first `left` columns begin below each other, numbers have their points below each other."""
    aligned = [
        list(column) if place < left else _points_aligned(column)
        for place, column in enumerate(zip(*rows, strict=True))
    ]
    widths = [max(map(len, column)) for column in aligned]
    for row in zip(*aligned, strict=True):
        cells = [
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield (" " * indent + "  ".join(cells)).rstrip()


def _points_aligned(column: Sequence[str]) -> list[str]:
    decimals = [len(cell) - len(re.split(r"[.e]", cell)[0]) if _NUMBER.fullmatch(cell) else None for cell in column]
    widest = max((digits for digits in decimals if digits is not None), default=0)
    return [
        cell if digits is None else cell + " " * (widest - digits)
        for cell, digits in zip(column, decimals, strict=True)
    ]


_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
