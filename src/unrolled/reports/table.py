"""A heading and rows of words → the same table in plain text and in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Table:
    """The first column names the row."""

    heading: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_text(self) -> str:
        """Align the columns, the first to the left, the others to the right."""
        lines = [self.heading, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True))]).rstrip()
            for first, *rest in lines
        )

    def as_html(self) -> str:
        """Write a table whose headings a screen reader finds."""
        heading = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in self.heading)
        rows = "".join(
            f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
            for first, *rest in self.rows
        )
        return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"
