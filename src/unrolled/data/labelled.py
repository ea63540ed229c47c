"""A source → all its texts and labels, and the rows that can't be used, refused or skipped and listed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from unrolled.data.reading import read_rows
from unrolled.data.rows import BadRow
from unrolled.data.source import name_of
from unrolled.errors import data as errors


@dataclass(frozen=True)
class Labelled:
    """The usable rows' texts and labels, in the order of the source, and the bad rows."""

    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)

    @property
    def rows_in(self) -> int:
        """Count the rows of the source, used and reported."""
        return len(self.texts) + len(self.bad_rows)


def read_labelled(
    source: str,
    *,
    format: str | None = None,  # noqa: A002
    text_column: str = "text",
    label_column: str = "label",
    skip_bad_rows: bool = False,
    minimum_classes: int = 2,
) -> Labelled:
    """Read the whole source; a bad row that may not be skipped, no usable row or too few labels is a DataError."""
    result = Labelled()
    for row in read_rows(source, format=format, text_column=text_column, label_column=label_column):
        if isinstance(row, BadRow):
            result.bad_rows.append(row)
        else:
            result.texts.append(row.text)
            result.labels.append(cast(str, row.label))  # a row whose label was wanted has one
    _check(result, name_of(source), skip_bad_rows, minimum_classes)
    return result


def _check(result: Labelled, name: str, skip_bad_rows: bool, minimum_classes: int) -> None:
    if result.bad_rows and not skip_bad_rows:
        told = [f"{row.where.removeprefix(name + ', ')}: {row.reason}" for row in result.bad_rows]
        raise errors.bad_rows(name, told, result.rows_in)
    if not result.texts:
        raise errors.no_usable_row(name, len(result.bad_rows))
    labels = set(result.labels)
    if len(labels) < minimum_classes:
        raise errors.too_few_classes(name, labels, minimum_classes)
