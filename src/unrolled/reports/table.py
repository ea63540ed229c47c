"""A heading and rows of words → the same table in plain text and in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.reports.evaluation_table import aligned
from unrolled.reports.markup import sentence


@dataclass(frozen=True)
class Table:
    """The first column names the row; `of_sentences` says that the others hold sentences, which a page may break."""

    heading: Sequence[str]
    rows: Sequence[Sequence[str]]
    of_sentences: bool = False

    def as_text(self) -> str:
        """Align the columns, the first to the left, the others to the right."""
        return "\n".join(line.rstrip() for line in aligned([list(self.heading), *map(list, self.rows)]).splitlines())

    def as_html(self) -> str:
        """Write a table whose headings a screen reader finds."""
        kind = ' class="text"' if self.of_sentences else ""
        heading = "".join(f'<th scope="col"{kind}>{sentence(cell)}</th>' for cell in self.heading)
        rows = "".join(
            f'<tr><th scope="row">{sentence(first)}</th>'
            f"{''.join(f'<td{kind}>{sentence(cell)}</td>' for cell in rest)}</tr>"
            for first, *rest in self.rows
        )
        return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"
