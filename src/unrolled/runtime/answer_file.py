"""Answers → a file of JSON Lines, CSV or TSV, which appears under its name only when it is whole."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TextIO, TypeAlias

from unrolled.errors import output as errors
from unrolled.runtime.streaming import kept_name

OutputFormat: TypeAlias = Literal["jsonl", "csv", "tsv"]


def output_format_of(output: Path | None, chosen: OutputFormat | None) -> OutputFormat:
    """Take the format that was chosen, else the one of the file's suffix, else JSON Lines."""
    told: dict[str, OutputFormat] = {".csv": "csv", ".tsv": "tsv"}
    return chosen or told.get(output.suffix.lower() if output else "", "jsonl")


@contextmanager
def opened(output: Path | None, *, force: bool) -> Iterator[TextIO]:
    """Open standard output, or a file that is written beside and put in place at the end of the block."""
    if output is None or str(output) == "-":
        yield sys.stdout
        return
    if output.is_dir() or (output.exists() and output.stat().st_size and not force):
        raise errors.output_exists(output)
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(output)
    except OSError as error:
        raise errors.cannot_write(output, error) from error
    finally:
        partial.unlink(missing_ok=True)


class AnswerWriter:
    """Writes answers one by one."""

    def __init__(
        self, file: TextIO, form: OutputFormat, keep_columns: Sequence[str], labels: Sequence[str], top_k: int | None
    ) -> None:
        """Take the file and, for a table, what decides its columns: an empty `labels` leaves out all probabilities."""
        self.file, self.rows = file, None
        if form == "jsonl":
            return
        top = [f"top_{rank}_{part}" for rank in range(1, (top_k or 0) + 1) for part in ("label", "probability")]
        every = [f"probability_of_{label}" for label in labels]
        kept = [kept_name(column) for column in keep_columns]
        columns = ["row", *kept, "label", "probability", *top, *every, "error"]
        self.rows = csv.DictWriter(file, columns, delimiter="\t" if form == "tsv" else ",", lineterminator="\n")
        self.rows.writeheader()

    def write(self, answer: Mapping[str, Any]) -> None:
        """Write one answer."""
        if self.rows is None:
            self.file.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")
        else:
            self.rows.writerow(_flat(answer))


def _flat(answer: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in answer.items() if name not in ("top", "probabilities")}
    for rank, told in enumerate(answer.get("top", ()), start=1):
        flat |= {f"top_{rank}_{part}": value for part, value in told.items()}
    return flat | {f"probability_of_{label}": p for label, p in answer.get("probabilities", {}).items()}
