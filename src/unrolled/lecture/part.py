"""A part of the lecture → the lines that tell it: title, equation, files that compute it, then step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a file in `parts/` offers, as `PART`."""

    section: int  # the lecture's number, from 1
    place: int = 1  # among the parts of that section
    title: str
    equation: str
    files: tuple[str, ...]  # below `unrolled/`, where the equation is computed
    steps: Callable[[], Iterator[str]]

    def lines(self) -> Iterator[str]:
        """Yield the part's lines, none longer than 100 columns."""
        yield f"{self.section}. {self.title}"
        yield ""
        yield from (f"    {line}".rstrip() for line in self.equation.strip("\n").splitlines())
        yield ""
        yield "Computed by"
        yield from (f"    unrolled/{file}" for file in self.files)
        yield from self.steps()
