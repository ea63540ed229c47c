"""A CSV or TSV file with a header → its rows, each as wide as the header, in UTF-8 and rightly quoted, or reported."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import NamedTuple

from unrolled.data.columns import text_columns, to_row
from unrolled.data.csv_quotes import Quotes
from unrolled.data.lines import Lines, TooLongError
from unrolled.data.rows import BadRow, Row, place
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.errors import DataError
from unrolled.errors import data as errors

FORMATS = {"csv": (".csv",), "tsv": (".tsv",)}
TITLE = "CSV, TSV"
LABELS = DELIMITER = True
_USUALLY = {"csv": ",", "tsv": "\t"}
_NO_DELIMITERS = '"\r\n\0\ufeff'  # these have a meaning of their own
_USUAL = ",;\t|"
_LONGEST_FIELD = 2**31 - 1  # what fits a C long on every platform


class _Record(NamedTuple):
    first_line: int
    last_line: int
    values: list[str]
    flaw: str | None


def read(
    source: str,
    options: ReadOptions,
    *,
    format: str,  # noqa: A002
    other_columns: Collection[str] | None = None,
) -> Iterator[Row | BadRow]:
    """Return the rows; the fields are separated by the format's character unless another is given."""
    return read_delimited(
        source,
        delimiter=_USUALLY[format] if options.delimiter is None else options.delimiter,
        text_column=options.text_column,
        label_column=options.label_column,
        other_columns=other_columns,
        options=options,
    )


def read_delimited(
    source: str,
    *,
    delimiter: str,
    text_column: str,
    label_column: str | None,
    other_columns: Collection[str] | None = None,
    options: ReadOptions = DEFAULTS,
) -> Iterator[Row | BadRow]:
    """Check the header, then return the rows; blank lines are none, a line ends in \\n, \\r\\n or \\r."""
    if len(delimiter) != 1 or delimiter in _NO_DELIMITERS:
        raise errors.no_delimiter(delimiter)
    csv.field_size_limit(_LONGEST_FIELD)
    lines = Lines(source, newline="", options=options)
    records = _records(lines, delimiter)
    try:
        header = _header(next(records, None), lines.name)
        texts = _wanted(header, lines.name, text_column, label_column, delimiter)
    except DataError:
        lines.close()
        raise
    return _rows(records, lines, header, partial(to_row, texts=texts, label=label_column, wanted=other_columns))


def _wanted(header: list[str], name: str, text_column: str, label_column: str | None, delimiter: str) -> list[str]:
    texts = text_columns(text_column, header)
    for column, option in [*((text, "--text-column") for text in texts), (label_column, "--label-column")]:
        if column is not None and column not in header:
            likelier = _likelier(header, delimiter)
            if likelier is not None:
                raise errors.other_delimiter(name, column, header[0], likelier)
            raise errors.missing_column(name, column, header, option)
    return texts


def _likelier(header: list[str], delimiter: str) -> str | None:
    """Return the delimiter that a header of one column seems to have."""
    found = [usual for usual in _USUAL if usual != delimiter and usual in header[0]]
    return found[0] if len(header) == 1 and found else None


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
    records: Iterator[_Record], lines: Lines, header: list[str], usable: Callable[..., Row | BadRow]
) -> Iterator[Row | BadRow]:
    several, first = 0, ""  # rows of several lines, which a stray quote may have joined
    for number, (first_line, last_line, values, flaw) in enumerate(records, start=1):
        where = place(lines.name, number, first_line, last_line)
        if flaw is None and len(values) != len(header):
            flaw = errors.width_reason(len(header), len(values))
        if flaw is not None:
            yield BadRow(number, where, flaw)
        else:
            row = usable(number, where, dict(zip(header, values, strict=True)))
            if last_line > first_line and isinstance(row, Row):
                several, first = several + 1, first or where
            yield row
    lines.tell_blank()
    if several:
        lines.options.on_warning(
            errors.several_lines_warning(lines.name, several, first.removeprefix(f"{lines.name}, "))
        )


def _records(lines: Lines, delimiter: str) -> Iterator[_Record]:
    """Yield every record that is not a blank line; after wrong quoting csv goes on at the next line."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first_line = lines.number + 1
        lines.begin()
        try:
            values, flaw = next(reader, None), lines.flaw
        except TooLongError as error:
            values, flaw = [], _passed_over(lines, error.line, first_line, delimiter)
        except csv.Error as error:
            values, flaw = [], _quoting_flaw(str(error), first_line, lines.number)
        if values is None:
            return
        if values or flaw:
            yield _Record(first_line, lines.number, values, flaw)
        else:
            lines.blank += 1


def _passed_over(lines: Lines, line: str, first_line: int, delimiter: str) -> str:
    """Go to the true end of a row that is too long, keeping none of it → why it can't be used."""
    quotes = Quotes(delimiter, opened=lines.number > first_line)  # csv asked for more than a line within quotes alone
    while line:
        for piece in lines.rest(line):
            quotes.read(piece)
        if not quotes.opened:
            return errors.too_long_reason(lines.options.max_row_length)
        line = lines.piece()
    return errors.unclosed_quote_reason(first_line, lines.number)


def _quoting_flaw(message: str, first_line: int, last_line: int) -> str:
    if message == "unexpected end of data":
        return errors.unclosed_quote_reason(first_line, last_line)
    return errors.quoting_reason(message)
