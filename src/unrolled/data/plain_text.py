"""A file with one text a line, without labels → its rows; every line is one, also an empty line."""

from __future__ import annotations

from collections.abc import Iterator

from unrolled.data.rows import BadRow, Row
from unrolled.data.source import damage, name_of, open_lines


def read_plain_text(source: str) -> Iterator[Row | BadRow]:
    """Return a row a line; only \\n or \\r\\n ends a line, any other character belongs to the text."""
    return _rows(open_lines(source, newline="\n"), name_of(source))


def _rows(lines: Iterator[str], name: str) -> Iterator[Row | BadRow]:
    for number, line in enumerate(lines, start=1):
        text = line.removesuffix("\r\n").removesuffix("\n")
        where = f"{name}, line {number}"
        flaw = damage(text)
        yield Row(number, where, text, None, {}) if flaw is None else BadRow(number, where, flaw)
