"""Lines as fastText has them, `__label__good a fine film` → rows: every line is one, used or reported."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unrolled.data.lines import Lines
from unrolled.data.readers.plain_text import LABEL_MARK
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.errors import data as errors

FORMATS = {"fasttext": (".txt",)}
TITLE = "fastText lines"
LABELS = True
_LABEL = re.compile(rf"{LABEL_MARK}([^ \t\v\f\r]*)(?:[ \t\v\f\r]|$)")  # what fastText parts words by
_LABELS = re.compile(rf"(?:{LABEL_MARK}[^ \t\v\f\r]*(?:[ \t\v\f\r]|$))*")
_LATER = re.compile(rf"(?:^|[ \t\v\f\r]){LABEL_MARK}")


def read(source: str, options: ReadOptions, **_: object) -> Iterator[Row | BadRow]:
    """Return a row a line."""
    return read_fasttext_lines(source, with_labels=options.label_column is not None, options=options)


def read_fasttext_lines(source: str, *, with_labels: bool, options: ReadOptions = DEFAULTS) -> Iterator[Row | BadRow]:
    """Return a row a line: one label at its beginning, the rest is the text; without labels all there are taken off."""
    return _rows(Lines(source, newline="\n", options=options), with_labels)


def _rows(lines: Lines, with_labels: bool) -> Iterator[Row | BadRow]:
    for number, (line, flaw) in enumerate(lines.rows(), start=1):
        where = f"{lines.name}, row {number} (line {number})"
        line = line.removesuffix("\r\n").removesuffix("\n")
        lines.note_inner(line)
        label, text = _split_labels(line, with_labels)
        if flaw is None and with_labels:
            flaw = _label_flaw(label, text)
        if flaw is not None:
            yield BadRow(number, where, flaw)
        else:
            yield Row(number, where, text, label, {})
    lines.tell_inner()


def _split_labels(line: str, with_labels: bool) -> tuple[str | None, str]:
    if not with_labels:
        return None, _LABELS.sub("", line, count=1)
    found = _LABEL.match(line)
    return (found[1], line[found.end() :]) if found else (None, line)


def _label_flaw(label: str | None, text: str) -> str | None:
    if _LATER.search(text):
        return errors.label_later_reason() if label is None else errors.several_labels_reason()
    if label is None:
        return errors.no_label_reason()
    return None if label else errors.empty_label_reason(LABEL_MARK)
