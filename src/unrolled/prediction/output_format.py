"""The name of a file to write → the format of its content and its packing; a name that says otherwise is refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from unrolled.data.compressed import SUFFIXES, Packing, without_packing
from unrolled.environment.packages import ZSTANDARD
from unrolled.errors import output as errors

OutputFormat: TypeAlias = Literal["jsonl", "csv", "tsv"]
ANSWERS: dict[str, OutputFormat] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv"}
OPEN = (".txt", ".out")  # suffixes that name no format of data, as does one without letters: answers.2026-12-01

Form = TypeVar("Form", bound=str)


def format_of(output: Path | None, formats: Mapping[str, Form], chosen: Form | None = None) -> Form:
    """Return the format that the suffix names, below .gz or .zst; else the chosen one, or the first of `formats`.

    Raises a SettingError where the suffix names another one, MissingExtraError where its packing needs a package.
    """
    default = chosen or next(iter(formats.values()))
    if output is None or str(output) == "-":
        return default
    if packing_of(output) == "zstd":
        ZSTANDARD.require("writing zstd")
    form = _named(output.name, formats)
    if form == "unknown":
        raise errors.unwritten_format(output, [*formats, *OPEN])
    if chosen and form and form != chosen:
        raise errors.contradicting_format(output, form, chosen)
    target = Path(os.path.realpath(output)) if os.path.islink(output) else output
    if _named(target.name, formats) not in (None, form or default) or packing_of(output) != packing_of(target):
        raise errors.linked_to_other_format(output, target)
    return form or default


def packing_of(output: Path) -> Packing | None:
    """Return how a file of this name is packed."""
    return SUFFIXES.get(output.suffix.lower())


def _named(name: str, formats: Mapping[str, Form]) -> Form | Literal["unknown"] | None:
    """Return the format that a file's name tells of its content, None where it tells none."""
    suffix = os.path.splitext(without_packing(name))[1].lower()
    if suffix in OPEN or not any(character.isalpha() for character in suffix):
        return None
    return formats.get(suffix, "unknown")
