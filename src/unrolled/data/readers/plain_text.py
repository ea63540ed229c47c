"""A file with one text a line, without labels → its rows; every line is one, also an empty line."""

from __future__ import annotations

from collections.abc import Iterator

from unrolled.data.lines import Lines
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import DEFAULTS, ReadOptions, name_of
from unrolled.errors import data as errors

FORMATS = {"text": (".txt",)}
TITLE = "text"
LABELS = False
LABEL_MARK = "__label__"


def read(source: str, options: ReadOptions, **_: object) -> Iterator[Row | BadRow]:
    """Return a row a line, if no labels are needed."""
    if options.label_column is not None:
        raise errors.text_without_labels(name_of(source))
    return read_plain_text(source, options=options, asked=options.format is not None)


def read_plain_text(source: str, *, options: ReadOptions = DEFAULTS, asked: bool = True) -> Iterator[Row | BadRow]:
    """Return a row a line; only \\n or \\r\\n ends a line, any other character belongs to the text.

    A remark tells of a \\r within. Where nobody asked for plain text, a first line that begins with a label of
    fastText's is a DataError.
    """
    lines = Lines(source, newline="\n", options=options)
    if not asked and lines.begins_with(LABEL_MARK):
        lines.close()
        raise errors.labels_in_text(lines.name)
    return _rows(lines)


def _rows(lines: Lines) -> Iterator[Row | BadRow]:
    for number, (line, flaw) in enumerate(lines.rows(), start=1):
        where = f"{lines.name}, line {number}"
        text = line.removesuffix("\r\n").removesuffix("\n")
        lines.note_inner(text)
        yield Row(number, where, text, None, {}) if flaw is None else BadRow(number, where, flaw)
    lines.tell_inner()
