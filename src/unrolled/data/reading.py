"""A source (a path, or `-`) and its format → its rows; the format is named, or told by the path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal, get_args

from unrolled.data.class_folder import read_class_folder
from unrolled.data.delimited import read_delimited
from unrolled.data.json_lines import read_json_lines
from unrolled.data.plain_text import read_plain_text
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import name_of
from unrolled.errors import data as errors

Format = Literal["csv", "tsv", "jsonl", "folder", "text"]
_SUFFIXES: dict[str, Format] = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".txt": "text"}
_DELIMITERS = {"csv": ",", "tsv": "\t"}


def read_rows(
    source: str,
    *,
    format: str | None = None,  # noqa: A002
    text_column: str = "text",
    label_column: str | None = "label",
) -> Iterator[Row | BadRow]:
    """Open the source and check what can be checked before the first row, then return the rows one by one.

    `text_column="subject,body"` joins columns; `label_column=None` is for prediction: no labels are needed.
    """
    chosen = _told_by_path(source) if format is None else format
    if chosen in _DELIMITERS:
        delimiter = _DELIMITERS[chosen]
        return read_delimited(source, delimiter=delimiter, text_column=text_column, label_column=label_column)
    if chosen == "jsonl":
        return read_json_lines(source, text_column=text_column, label_column=label_column)
    if chosen == "folder":
        return read_class_folder(source, with_labels=label_column is not None)
    if chosen != "text":
        raise errors.unknown_format(chosen, get_args(Format))
    if label_column is not None:
        raise errors.text_without_labels(name_of(source))
    return read_plain_text(source)


def _told_by_path(source: str) -> Format:
    if source == "-":
        return "text"
    if os.path.isdir(source):
        return "folder"
    told = _SUFFIXES.get(os.path.splitext(source)[1].lower())
    if told is not None:
        return told
    if not os.path.exists(source):
        raise errors.missing_file(source)
    raise errors.unknown_suffix(source, _SUFFIXES)
