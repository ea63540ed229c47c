"""A file with one JSON object a line → its rows; blank lines are none, any other line is used or reported."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from unrolled.data.columns import text_columns, to_row
from unrolled.data.json_keys import WantedKeys
from unrolled.data.json_literals import Number, spelled, values
from unrolled.data.lines import Lines
from unrolled.data.rows import BadRow, Row, place
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.errors import data as errors

FORMATS = {"jsonl": (".jsonl", ".ndjson")}
TITLE = "JSON Lines"
LABELS = True
_BLANK = " \t\r\n"  # JSON's own white space; str.strip() would drop lines of other characters too
_SURROGATE = re.compile("[\ud800-\udfff]")


class _FlawError(ValueError):
    """The reason why a line can't be used."""


def read(
    source: str, options: ReadOptions, *, other_columns: Collection[str] | None = None, **_: object
) -> Iterator[Row | BadRow]:
    """Return the rows."""
    return read_json_lines(
        source,
        text_column=options.text_column,
        label_column=options.label_column,
        other_columns=other_columns,
        options=options,
    )


def read_json_lines(
    source: str,
    *,
    text_column: str,
    label_column: str | None,
    other_columns: Collection[str] | None = None,
    options: ReadOptions = DEFAULTS,
) -> Iterator[Row | BadRow]:
    """Return the rows: texts are strings; labels are strings, or integers, taken as their digits.

    Other columns that aren't strings are kept in their JSON spelling, numbers to their last digit; null is None. A key
    that all objects of the first thousand rows lack is taken for a mistake, and is a DataError.
    """
    lines = Lines(source, newline="\n", options=options)
    wanted = WantedKeys(lines.name, label_column)
    return wanted.rejected_or(_rows(lines, text_column, label_column, other_columns, wanted))


def _rows(
    lines: Lines, text_column: str, label: str | None, extra_columns: Collection[str] | None, wanted: WantedKeys
) -> Iterator[Row | BadRow]:
    number = 0
    for line, flaw in lines.rows():
        content = line.strip(_BLANK)
        if not content and flaw is None:
            lines.blank += 1
            continue
        number += 1
        where = place(lines.name, number, lines.number, lines.number)
        try:
            record = _record(content, flaw)
            texts = text_columns(text_column, record)
            if not wanted.all_found:
                wanted.note(record, texts)
            strings = _strings(record, texts, label)
        except (ValueError, RecursionError) as error:
            yield BadRow(number, where, _reason(error))
        else:
            yield to_row(number, where, strings, texts=texts, label=label, wanted=extra_columns)
    lines.tell_blank()


def _record(line: str, flaw: str | None) -> dict[str, Any]:
    if flaw is not None:
        raise _FlawError(flaw)
    record = values(line, unique=_unique, reject=_reject)
    if not isinstance(record, dict):
        raise _FlawError(errors.not_an_object_reason(spelled(record, ascii_only=True)))
    # Only an escape can bring in a lone surrogate: as raw bytes it would not be UTF-8.
    if "\\u" in line and _SURROGATE.search(spelled(record)):
        raise _FlawError(errors.surrogate_reason())
    return record


def _strings(record: dict[str, Any], texts: list[str], label: str | None) -> dict[str, str | None]:
    for key in [*texts, *([] if label is None else [label])]:
        if key not in record:
            raise _FlawError(errors.missing_key_reason(key))
    return {key: _string(key, value, is_text=key in texts, is_label=key == label) for key, value in record.items()}


def _string(key: str, value: object, *, is_text: bool, is_label: bool) -> str | None:
    if isinstance(value, str):
        return value
    allowed = "a string" if is_text else "a string or an integer"
    if is_text or (is_label and not (isinstance(value, Number) and value.is_integer)):
        raise _FlawError(errors.wrong_type_reason(key, allowed, spelled(value, ascii_only=True)))
    return None if value is None else spelled(value)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for key, value in pairs:
        if key in record:
            raise _FlawError(errors.duplicate_key_reason(key))
        record[key] = value
    return record


def _reject(constant: str) -> None:
    raise _FlawError(errors.constant_reason(constant))


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return errors.nested_json_reason()
    if isinstance(error, json.JSONDecodeError):
        return errors.invalid_json_reason(error.msg, error.pos + 1)
    return str(error)
