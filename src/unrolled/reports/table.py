"""A heading and rows of words → the same table in plain text and in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.evaluation.table import aligned
from unrolled.reports.markup import markup


@dataclass(frozen=True)
class Table:
    """The first column names the row."""

    heading: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_text(self) -> str:
        """Align the columns, the first to the left, the others to the right."""
        return "\n".join(line.rstrip() for line in aligned([list(self.heading), *map(list, self.rows)]).splitlines())

    def as_html(self) -> str:
        """Write a table whose headings a screen reader finds."""
        heading = "".join(f'<th scope="col">{markup(cell)}</th>' for cell in self.heading)
        rows = "".join(
            f'<tr><th scope="row">{markup(first)}</th>{"".join(f"<td>{markup(cell)}</td>" for cell in rest)}</tr>'
            for first, *rest in self.rows
        )
        return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"
