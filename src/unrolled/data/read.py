"""A source (a path, or `-`) and its format → its rows; the format is named, or told by the path."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from typing import Any, Literal, get_args

from unrolled.data.compressed import without_packing
from unrolled.data.readers.class_folder import read_class_folder
from unrolled.data.readers.delimited import read_delimited
from unrolled.data.readers.fasttext import read_fasttext_lines
from unrolled.data.readers.json_lines import read_json_lines
from unrolled.data.readers.parquet import read_parquet
from unrolled.data.readers.plain_text import read_plain_text
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import MAX_ROW_LENGTH, ReadOptions, missing, name_of, pieces, refuse_devices
from unrolled.errors import data as errors

Format = Literal["csv", "tsv", "jsonl", "parquet", "fasttext", "folder", "text"]
_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".txt": "text",
}
_DELIMITERS = {"csv": ",", "tsv": "\t"}


def read_rows(
    source: str,
    *,
    format: str | None = None,  # noqa: A002
    text_column: str = "text",
    label_column: str | None = "label",
    other_columns: Collection[str] | None = None,
    delimiter: str | None = None,
    encoding: str = "utf-8",
    max_row_length: int = MAX_ROW_LENGTH,
    remark: Callable[[str], None] = ReadOptions.remark,
) -> Iterator[Row | BadRow]:
    """Open the source and check what can be checked before the first row, then return the rows one by one.

    `text_column="subject,body"` joins columns; `label_column=None` is for prediction: no labels are needed.
    `other_columns` says which others are wanted, where they cost something or are the text's own; `remark` is told
    what was no row. `delimiter` parts the fields of csv and tsv, else a comma or a tab.
    """
    if label_column is not None and label_column in (text_column, *text_column.split(",")):
        raise errors.label_in_text(label_column)
    manner = ReadOptions(encoding, max_row_length, remark)
    chosen = _told_by_path(source, with_labels=label_column is not None) if format is None else format
    columns: Any = {"text_column": text_column, "label_column": label_column, "other_columns": other_columns}
    if chosen in _DELIMITERS:
        parting = _DELIMITERS[chosen] if delimiter is None else delimiter
        return read_delimited(source, delimiter=parting, **columns, manner=manner)
    if delimiter is not None and chosen in get_args(Format):
        raise errors.delimiter_of_others(chosen)
    if chosen == "jsonl":
        return read_json_lines(source, **columns, manner=manner)
    if chosen == "parquet":
        return read_parquet(source, **columns, manner=manner)
    if chosen == "fasttext":
        return read_fasttext_lines(source, with_labels=label_column is not None, manner=manner)
    if chosen == "folder":
        return read_class_folder(source, with_labels=label_column is not None, manner=manner)
    if chosen != "text":
        raise errors.unknown_format(chosen, get_args(Format))
    if label_column is not None:
        raise errors.text_without_labels(name_of(source))
    return read_plain_text(source, manner=manner, asked=format is not None)


def _told_by_path(source: str, *, with_labels: bool) -> Format:
    if source == "-":
        return "text"
    if os.path.isdir(source):
        return "folder"
    told = _SUFFIXES.get(os.path.splitext(without_packing(source))[1].lower())
    if told is not None:
        return "fasttext" if told == "text" and with_labels else told
    if not os.path.exists(source):
        raise missing(source)
    refuse_devices(source)
    if os.path.isfile(source):
        next(pieces(source), None)  # which tells an archive
    raise errors.unknown_suffix(source, _SUFFIXES)
