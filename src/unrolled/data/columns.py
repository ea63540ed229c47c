"""The columns asked for and one record (column → string) → a row with its text, its label and the rest."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from typing import Any

from unrolled.data.rows import BadRow, Row
from unrolled.errors import data as errors


def text_columns(asked: str, known: Container[str]) -> list[str]:
    """Return the columns that make the text: the one of that very name, else the names between the commas."""
    return [asked] if asked in known else asked.split(",")


def to_row(
    number: int,
    where: str,
    record: Mapping[str, Any],
    *,
    texts: Sequence[str],
    label: str | None,
    wanted: Collection[str] | None = None,
) -> Row | BadRow:
    """Join the text columns by newlines, take the label out, and keep the others, of the text's only those wanted.

    Where one that is wanted isn't there, those of the text are kept too: it may be meant.
    """
    if label is not None and not record[label].strip():
        return BadRow(number, where, errors.empty_label_reason(label))
    known = wanted is None or record.keys() >= {*wanted}
    taken = {*texts} - {*(wanted or ())} if known else set[str]()
    return Row(
        number,
        where,
        text="\n".join([record[name] for name in texts]),
        label=None if label is None else record[label],
        fields={name: value for name, value in record.items() if name not in taken and name != label},
    )
