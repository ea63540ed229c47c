"""Answers → a file of JSON Lines, CSV or TSV, which appears under its name only when it is whole."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from json.encoder import encode_basestring
from math import isfinite
from pathlib import Path
from typing import Any, TextIO

from unrolled.errors import output as errors
from unrolled.formatting.control_characters import escape_controls_in_json
from unrolled.prediction.compression import end_member, text_file
from unrolled.prediction.delimited_rows import TableWriter
from unrolled.prediction.output_format import OutputFormat, packing_of
from unrolled.prediction.stream import output_names
from unrolled.storage.older_output import Own, beginning, reject_other

OF_ANSWERS = beginning('{"row": ', "row,", "row\t")  # so any answers begin, of no rows but with a header too
_SPELL = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


@contextmanager
def opened(output: Path | None, *, force: bool, own: Own = OF_ANSWERS, copy_to: Path | None = None) -> Iterator[TextIO]:
    """Open standard output, or a file written under a temporary name and moved into place when it is whole.

    With `force` it takes the place of one of the same kind, which is copied to `aside` first if that is given.
    """
    if output is None or str(output) == "-":
        yield sys.stdout
        return
    place = Path(os.path.realpath(output))  # what a link leads to is replaced, not the link
    partial = place.parent / f".{place.name}.{os.getpid()}.partial"
    try:
        with errors.writing(output):
            if is_full(output) and not force:
                raise errors.output_exists(output)
            if is_full(output):
                reject_other(output, own)
            in_place = output.exists() and not output.is_file()  # a pipe or a device is written to as it is
            raw = (output if in_place else partial).open("wb", buffering=0)
            with text_file(raw, packing_of(output)) as file:
                yield file
                end_member(file, last=True)
                if not in_place:
                    os.fsync(raw.fileno())
            if not in_place:
                if copy_to:
                    _copy(place, copy_to)
                partial.replace(place)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _copy(place: Path, copy_to: Path) -> None:
    try:
        with copy_to.open("xb") as file:
            file.write(place.read_bytes())
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        copy_to.unlink(missing_ok=True)
        raise


def is_full(output: Path) -> bool:
    """Return whether a file has content that would be lost; a folder stands in the way of any file."""
    if output.is_dir():
        raise errors.output_is_folder(output)
    return output.is_file() and output.stat().st_size > 0


class AnswerWriter:
    """Writes answers one by one."""

    def __init__(
        self,
        file: TextIO,
        form: OutputFormat,
        keep_columns: Sequence[str],
        labels: Sequence[str],
        top_k: int | None,
        *,
        header: bool = True,
        spreadsheet_safe: bool = False,
    ) -> None:
        """Take the file and, for a table, what decides its columns: no `labels` leave out all probabilities.

        A table that is resumed has its header already.
        """
        self.file, self.rows = file, None
        if form == "jsonl":
            return
        top = [f"top_{rank}_{part}" for rank in range(1, (top_k or 0) + 1) for part in ("label", "probability")]
        own = ["label", "probability", *top, *(f"probability_of_{label}" for label in labels), "error"]
        self.extra_names = output_names([*output_names(keep_columns).values()], ["row", *own])
        delimiter = "\t" if form == "tsv" else ","
        self.columns = ["row", *self.extra_names.values(), *own]
        self.rows = TableWriter(file, delimiter, spreadsheet_safe=spreadsheet_safe)
        if header:
            self.rows.write(self.columns)

    @property
    def unsafe(self) -> int:
        """Count the cells so far that a spreadsheet would run, or a terminal obey."""
        return self.rows.unsafe if self.rows else 0

    def write(self, answer: Mapping[str, Any]) -> None:
        """Write one answer."""
        if self.rows is None:
            self.file.write(_line(answer))
        else:
            flat = _flat({self.extra_names.get(name, name): value for name, value in answer.items()})
            self.rows.write(map(flat.get, self.columns))


def _line(answer: Mapping[str, Any]) -> str:
    """Spell an answer as `json` does; it spells a whole object slowly, and most of these are short."""
    cells = [
        f"{encode_basestring(name)}: {_SPELLINGS.get(type(value), _SPELL)(value)}" for name, value in answer.items()
    ]
    return escape_controls_in_json(f"{{{', '.join(cells)}}}") + "\n"


def _number(value: float) -> str:
    return repr(value) if isfinite(value) else _SPELL(value)


_SPELLINGS: dict[type, Callable[[Any], str]] = {str: encode_basestring, int: repr, float: _number}


def _flat(answer: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in answer.items() if name not in ("top", "probabilities")}
    for rank, guess in enumerate(answer.get("top", ()), start=1):
        flat |= {f"top_{rank}_{part}": value for part, value in guess.items()}
    return flat | {f"probability_of_{label}": p for label, p in answer.get("probabilities", {}).items()}
