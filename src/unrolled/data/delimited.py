"""A CSV or TSV file with a header → its rows, each as wide as the header, in UTF-8 and rightly quoted, or reported."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from unrolled.data.columns import text_columns, to_row
from unrolled.data.rows import BadRow, Row, place
from unrolled.data.source import damage, name_of, open_lines
from unrolled.errors import data as errors

_LONGEST_FIELD = 2**31 - 1  # what fits a C long on every platform


class _Record(NamedTuple):
    first_line: int
    last_line: int
    values: list[str]
    flaw: str | None


def read_delimited(
    source: str, *, delimiter: str, text_column: str, label_column: str | None
) -> Iterator[Row | BadRow]:
    """Check the header, then return the rows; blank lines are none, a line ends in \\n, \\r\\n or \\r."""
    csv.field_size_limit(_LONGEST_FIELD)
    records = _records(open_lines(source, newline=""), delimiter)
    name = name_of(source)
    header = _header(next(records, None), name)
    texts = text_columns(text_column, header)
    for column in texts:
        if column not in header:
            raise errors.missing_column(name, column, header, "--text-column")
    if label_column is not None and label_column not in header:
        raise errors.missing_column(name, label_column, header, "--label-column")
    return _rows(records, name, header, texts, label_column)


def _header(record: _Record | None, name: str) -> list[str]:
    if record is None:
        raise errors.empty_file(name)
    if record.flaw is not None:
        raise errors.unusable_header(name, record.flaw)
    column, times = Counter(record.values).most_common(1)[0]
    if times > 1:
        raise errors.duplicate_column(name, column)
    return record.values


def _rows(
    records: Iterator[_Record], name: str, header: list[str], texts: list[str], label: str | None
) -> Iterator[Row | BadRow]:
    for number, (first_line, last_line, values, flaw) in enumerate(records, start=1):
        where = place(name, number, first_line, last_line)
        if flaw is None and len(values) != len(header):
            flaw = errors.width_reason(len(header), len(values))
        if flaw is not None:
            yield BadRow(number, where, flaw)
        else:
            yield to_row(number, where, dict(zip(header, values, strict=True)), texts=texts, label=label)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[_Record]:
    """Yield every record that is not a blank line; after wrong quoting csv goes on at the next line."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first_line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            flaw = _quoting_flaw(str(error), first_line, reader.line_num)
            yield _Record(first_line, reader.line_num, [], flaw)
            continue
        if values is None:
            return
        if values:
            yield _Record(first_line, reader.line_num, values, damage("".join(values)))


def _quoting_flaw(message: str, first_line: int, last_line: int) -> str:
    if message == "unexpected end of data":
        return errors.unclosed_quote_reason(first_line, last_line)
    return errors.quoting_reason(message)
