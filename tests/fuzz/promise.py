"""Bytes and a way to read them → rows, or an error of ours; anything else, or a row that is lost, is an AssertionError.

Python's csv in strict mode, json and plain splitting say what is right.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import zstandard

from unrolled.data import BadRow, Row, read_rows
from unrolled.data.source import MAX_ROW_LENGTH
from unrolled.errors import UnrolledError

Rows = list[Row | BadRow]
PACK: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}
FORMATS = ("csv", "tsv", "jsonl", "fasttext", "text", "parquet")
PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", *(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60)))
MARK = b"\xef\xbb\xbf"
DELIMITERS = {"csv": ",", "tsv": "\t"}


@dataclass(frozen=True)
class Way:
    """How content is packed and read."""

    format: str = "csv"
    pack: str = ""
    encoding: str = "utf-8"
    max_row_length: int = MAX_ROW_LENGTH
    with_labels: bool = False


def kept(folder: Path, content: bytes, way: Way) -> Rows | None:
    """Read the content, hold the rows against the promise, and return them; None where it is refused as a whole."""
    path = folder / f"content{way.pack}"
    path.write_bytes(PACK[way.pack](content))
    label, remarks = "label" if way.with_labels and way.format != "text" else None, list[str]()
    try:
        rows = list(
            read_rows(
                str(path),
                format=way.format,
                label_column=label,
                encoding=way.encoding,
                max_row_length=way.max_row_length,
                on_warning=remarks.append,
            )
        )
    except UnrolledError as error:
        rows, told = None, all((error.problem, error.problem, error.advice))
    else:
        told = True
    assert told, "what was expected, what came, and the next step"
    if rows is not None:
        assert [row.number for row in rows] == list(range(1, len(rows) + 1)), "rows in = used + reported, in order"
    if way.encoding == "utf-8" and not content.startswith(PACKED):
        hold(rows, content.removeprefix(MARK), way, remarks)
    return rows


def hold(rows: Rows | None, content: bytes, way: Way, remarks: list[str]) -> None:
    """Compare with what others make of the content."""
    if way.format in DELIMITERS:
        hold_csv(rows, content, way)
    elif way.format in ("text", "fasttext", "jsonl") and rows is not None:
        lines = re.findall(rb"[^\n]*\n|[^\n]+\Z", content)
        full = [
            line for line in lines if way.format != "jsonl" or line.strip(b" \t\r\n") or len(line) > way.max_row_length
        ]
        assert len(rows) == len(full), "every line is a row"
        blank = [remark for remark in remarks if remark.endswith(" passed over")]
        passed_over = int(blank[0].split()[-5].replace(",", "")) if blank else 0
        assert passed_over == len(lines) - len(full)
        for row, line in zip(rows, full, strict=True):
            if isinstance(row, Row):
                hold_line(row, line, way)


def hold_line(row: Row, line: bytes, way: Way) -> None:
    text = line.removesuffix(b"\r\n").removesuffix(b"\n").decode()
    assert len(text) <= way.max_row_length
    if way.format == "text":
        assert row.text == text
    elif way.format == "jsonl":
        hold_object(row, text, way)
    elif way.with_labels:
        assert re.fullmatch(rf"__label__{re.escape(row.label or '')}[ \t\v\f\r]?{re.escape(row.text)}", text, re.DOTALL)
    else:
        assert text.endswith(row.text)


def hold_object(row: Row, line: str, way: Way) -> None:
    """Strings come back as they are, all else in a spelling that means the same; an integer may be a label."""
    record = json.loads(line, parse_int=Decimal, parse_float=Decimal)
    assert row.text == record.pop("text")
    if way.with_labels:
        label = record.pop("label")
        assert row.label == label if isinstance(label, str) else Decimal(row.label or "") == label
    assert list(row.fields) == list(record)
    for name, value in record.items():
        found = row.fields[name]
        if found is not None and not isinstance(value, str):
            found = json.loads(found, parse_int=Decimal, parse_float=Decimal)
        assert (type(found), found) == (type(value), value)


def hold_csv(rows: Rows | None, content: bytes, way: Way) -> None:
    strict = strictly(content, way)
    if rows is None:
        assert strict is None or way.max_row_length < MAX_ROW_LENGTH or not usable(strict, way)
        return
    hold_lines(rows, content, way)
    if strict is not None and way.max_row_length == MAX_ROW_LENGTH:
        header, *table = strict
        assert len(rows) == len(table)
        for row, values in zip(rows, table, strict=True):
            record = dict(zip(header, values, strict=False))
            right = len(values) == len(header) and (not way.with_labels or record["label"].strip() != "")
            assert isinstance(row, Row) == right
            if isinstance(row, Row):
                label = {"label": row.label} if way.with_labels else {}
                assert {"text": row.text, **label, **row.fields} == record
    elif strict is None:
        assert any(isinstance(row, BadRow) for row in rows), "what strict csv refuses, someone must hear of"


def strictly(content: bytes, way: Way) -> list[list[str]] | None:
    """Read by csv in strict mode; None where it, or UTF-8, or NUL speaks against it."""
    csv.field_size_limit(2**31 - 1)
    try:
        text = content.decode()
        table = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[way.format], strict=True)
        return None if "\0" in text else [row for row in table if row]
    except (UnicodeDecodeError, csv.Error):
        return None


def usable(table: list[list[str]], way: Way) -> bool:
    header = table[0] if table else []
    wanted = {"text", "label"} if way.with_labels else {"text"}
    return wanted <= set(header) and len(set(header)) == len(header)


def hold_lines(rows: Rows, content: bytes, way: Way) -> None:
    """Every line behind the header that isn't blank lies in one row."""
    text = content.decode(errors="surrogateescape")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[way.format])
    next(row for row in reader if row)
    covered = [line for row in rows for line in lines_of(row)]
    assert covered == sorted(set(covered))
    lines = re.split(r"\r\n|\r|\n", text)
    behind = set(range(reader.line_num + 1, len(lines) + 1))
    assert {number for number in behind if lines[number - 1]} <= set(covered) <= behind


def lines_of(row: Row | BadRow) -> range:
    found = re.fullmatch(r".*, row \d+ \(lines? (\d+)(?: to (\d+))?\)", row.where, re.DOTALL)
    assert found
    return range(int(found[1]), int(found[2] or found[1]) + 1)
