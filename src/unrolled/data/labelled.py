"""A source → all its texts and labels, and the rows that can't be used, refused or skipped and listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack, cast

from unrolled.data.read import read_rows
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


class Options(TypedDict, total=False):
    """How a source is read: as `read_rows` has it, and what is refused."""

    format: str | None
    text_column: str
    label_column: str
    delimiter: str | None
    encoding: str
    max_row_length: int
    on_warning: Callable[[str], None]
    skip_bad_rows: bool
    minimum_classes: int  # 2 unless told otherwise


def read_labelled(source: str, *, into: Labelled | None = None, **options: Unpack[Options]) -> Labelled:
    """Read the whole source; a bad row that may not be skipped, no usable row or too few labels is a DataError.

    Given something to read it into, that has the rows so far also where an error ends the reading.
    """
    result = Labelled() if into is None else into
    for text, label in usable_pairs(source, result.bad_rows, **options):
        result.texts.append(text)
        result.labels.append(label)
    return result


def usable_pairs(source: str, bad_rows: list[BadRow], **options: Unpack[Options]) -> Iterator[tuple[str, str]]:
    """Read the usable rows' texts with their labels one by one, and append the bad rows to the list.

    What `read_labelled` refuses is refused at the end, since not before all rows are known to be right.
    """
    labels, used = set[str](), 0
    own: Any = {name: value for name, value in options.items() if name not in ("skip_bad_rows", "minimum_classes")}
    for row in read_rows(source, other_columns=(), **own):
        if isinstance(row, BadRow):
            bad_rows.append(row)
            continue
        label = cast(str, row.label)  # a row whose label was wanted has one
        labels.add(label)
        used += 1
        yield row.text, label
    _check(name_of(source), bad_rows, labels, used, options)


def _check(name: str, bad_rows: list[BadRow], labels: set[str], used: int, options: Options) -> None:
    if bad_rows and not options.get("skip_bad_rows", False):
        reasons = [f"{row.where.removeprefix(name + ', ')}: {row.reason}" for row in bad_rows]
        raise errors.bad_rows(name, reasons, used + len(bad_rows))
    if not used:
        raise errors.no_usable_row(name, len(bad_rows))
    minimum = options.get("minimum_classes", 2)
    if len(labels) < minimum:
        raise errors.too_few_classes(name, labels, minimum)
