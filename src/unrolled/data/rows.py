"""What every reader yields: a `Row` that can be used, or a `BadRow` with the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """One text, its label (None where labels aren't wanted) and the row's other columns as strings, or None."""

    number: int
    where: str
    text: str
    label: str | None
    fields: Mapping[str, str | None]

    @property
    def size(self) -> int:
        """Count its characters."""
        return len(self.text) + sum([len(value) for value in self.fields.values() if value is not None])


class BadRow(NamedTuple):
    """One row that can't be used: its number, counted with all the others from 1, its place and the reason."""

    number: int
    where: str
    reason: str


def place(name: str, number: int, first_line: int, last_line: int) -> str:
    """Return a row's place: `reviews.csv, row 3 (line 5)`, or `(lines 5 to 7)`."""
    lines = f"line {first_line}" if first_line == last_line else f"lines {first_line} to {last_line}"
    return f"{name}, row {number} ({lines})"
