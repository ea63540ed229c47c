"""The first objects of JSON Lines and the wanted keys → the rows, or the error of a key that none of them has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unrolled.data.rows import BadRow, Row
from unrolled.errors import data as errors

HELD = 1000  # rows that may go by before all wanted keys were there


@dataclass
class WantedKeys:
    """The keys of all objects so far, and those among the wanted that each of them lacks; None before the first."""

    name: str
    label: str | None
    keys: dict[str, None] = field(default_factory=dict)
    lacking: list[str] | None = None

    @property
    def all_found(self) -> bool:
        """Return whether there was an object, and no wanted key is missing in all of them."""
        return self.lacking == []

    def note(self, record: Mapping[str, Any], texts: Sequence[str]) -> None:
        """Look at another object, in which the texts have these keys."""
        self.keys.update(dict.fromkeys(record))
        wanted = [*texts, *([] if self.label is None else [self.label])] if self.lacking is None else self.lacking
        self.lacking = [key for key in wanted if key not in record]

    def rejected_or(self, rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
        """Hold the first rows back until every wanted key was there; DataError where one wasn't."""
        held: list[Row | BadRow] = []
        for row in rows:
            held.append(row)
            if self.all_found or len(held) == HELD:
                break
        for key in self.lacking or ():
            option = "--label-column" if key == self.label else "--text-column"
            raise errors.missing_column(self.name, key, [*self.keys], option)
        yield from held
        yield from rows
