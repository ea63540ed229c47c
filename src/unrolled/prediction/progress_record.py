"""How far a run has come ↔ its record: JSON that is checked whole when it is read, as anyone may have written it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any

from unrolled.data.rows import BadRow, Row
from unrolled.errors import FolderError
from unrolled.errors import output as errors
from unrolled.prediction.stream import Counts
from unrolled.storage import strict_json

LARGEST = 1_000_000  # bytes of a record
VERSION = 1  # of its form


@dataclass(frozen=True)
class Progress:
    """What is counted of the rows that were answered, digests of them and of the answers, and what answered them."""

    counts: Counts
    input: str
    bytes: int
    answers: str
    run: Mapping[str, Any]


def to_bytes(progress: Progress) -> bytes:
    """Write the record, with a digest of itself."""
    content = asdict(progress)
    return strict_json.to_bytes({"format_version": VERSION, "progress": content, "sha256": strict_json.sha256(content)})


def read(path: Path) -> Progress:
    """Read a record back; DataError for everything that `to_bytes` didn't write."""
    try:
        found = strict_json.read_object(path, max_bytes=LARGEST)
    except FolderError as error:
        raise errors.damaged_progress(path, error.problem) from error
    content = found.get("progress")
    if found.get("format_version") != VERSION:
        raise errors.other_version(path)
    keys = {"format_version", "progress", "sha256"}
    if set(found) != keys or not isinstance(content, dict) or not _is_right(content):
        raise errors.damaged_progress(path, "a record with other keys or values")
    if found["sha256"] != strict_json.sha256(content):
        raise errors.damaged_progress(path, "a record that doesn't fit its digest")
    return Progress(**{**content, "counts": Counts(**content["counts"])})


def _is_right(content: Mapping[str, Any]) -> bool:
    if set(content) != {field.name for field in fields(Progress)}:
        return False
    counts, run = content["counts"], content["run"]
    if not isinstance(counts, dict) or set(counts) != {field.name for field in fields(Counts)}:
        return False
    numbers, digests = [*counts.values(), content["bytes"]], [content["input"], content["answers"]]
    are_digests = all(isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
    are_flat = isinstance(run, dict) and all(map(_is_flat, run.values()))
    return all(type(number) is int and number >= 0 for number in numbers) and are_digests and are_flat


def _is_flat(value: object) -> bool:
    return not isinstance(value, dict | list) or (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    )


class DigestedRows:
    """Passes rows on, and digests of each what its answer depends on."""

    def __init__(self, rows: Iterable[Row | BadRow], keep_columns: Iterable[str]) -> None:
        """Take the rows, and which of their columns are copied to the answer."""
        self.rows, self.keep_columns, self.sha256 = iter(rows), tuple(keep_columns), hashlib.sha256()

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Pass on what wasn't passed on or skipped before."""
        for row in self.rows:
            line = self._digest(row) if isinstance(row, Row) else f"bad {_measured(row.reason)}"
            self.sha256.update(f"{row.number} {line}".encode("utf-8", "surrogatepass"))
            yield row

    def _digest(self, row: Row) -> str:
        """Join the parts that matter; a column that the row lacks, or where it has null, is not one that is empty."""
        extra_values = [_measured(row.fields.get(name)) for name in self.keep_columns]
        return "".join(
            [f"{row.size} ", _measured(row.text), *extra_values]
        )  # by their size rows are parted into chunks

    def skip(self, rows: int) -> bool:
        """Skip this many rows, or all if there are fewer; then return False."""
        return sum(1 for _ in islice(self, rows)) == rows


def _measured(text: str | None) -> str:
    """Write a text behind its length, so that no two rows are the same when their parts are joined."""
    return "none " if text is None else f"{len(text)} {text}"
