"""The folder of a comparison → whether all in it is as comparisons wrote it; and its removal, file by file.

A model has its manifest; a record, `compare.json` and `compare.html` end in a hash of what stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from unrolled.errors import FolderError
from unrolled.errors import folder as errors
from unrolled.storage import manifest, strict_json
from unrolled.storage.atomic_file import is_temporary
from unrolled.storage.atomic_folder import remove_folder
from unrolled.storage.manifest import MANIFEST
from unrolled.storage.older_output import has_valid_checksum
from unrolled.storage.ownership import checked
from unrolled.storage.regular_file import opened

JSON, PAGE, MODELS, RUNS = "compare.json", "compare.html", "models", "runs"
LARGEST = 1_000_000_000  # bytes of a file: a record has 10 for each text
_TEMPORARY = re.compile(r"\.(.+)\.[1-9]\d{0,8}-[0-9a-f]{8}\.(partial|previous)")  # of a model that was being written


def reject_foreign(folder: Path) -> None:
    """Raise a FolderError that names the first thing in the folder that no comparison wrote, or wrote otherwise."""
    for path in _files(folder):
        _reject(path)
    for place in _inside(folder / MODELS):
        if place.is_symlink() or not place.is_dir():
            raise errors.not_of_the_folder(place, "something else than a model's folder")
        if not _TEMPORARY.fullmatch(place.name):
            checked(place, manifest.record)


def clear(folder: Path) -> None:
    """Delete all that comparisons wrote there; a FolderError for anything else, and then nothing is deleted."""
    reject_foreign(folder)
    for name in {re.sub(_TEMPORARY, r"\1", place.name) for place in _inside(folder / MODELS)}:
        remove_folder(folder / MODELS / name, manifest.record, (MANIFEST,))
    for path in _files(folder):
        _reject(path)
        path.unlink()
    for place in (folder / MODELS, folder / RUNS):
        with suppress(OSError):  # something appeared meanwhile
            place.rmdir()


def _files(folder: Path) -> Iterator[Path]:
    """Go through all files but those of models; FolderError for what has another name than ours have."""
    for path in _inside(folder):
        if path.name in (MODELS, RUNS) and path.is_dir() and not path.is_symlink():
            continue
        if path.name not in (JSON, PAGE) and not is_temporary(path.name):
            raise errors.not_of_the_folder(path, "what no comparison wrote")
        yield path
    for path in _inside(folder / RUNS):
        if path.suffix != ".json" and not is_temporary(path.name):
            raise errors.not_of_the_folder(path, "what no comparison wrote")
        yield path


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _reject(path: Path) -> None:
    """Raise a FolderError unless the file is as it was written, or was being written when its process was killed."""
    try:
        with opened(path, at_most=LARGEST) as file:
            content = file.read(file.size)
    except FolderError as error:
        raise errors.not_of_the_folder(path, error.problem) from error
    is_own = has_valid_checksum(path) if path.suffix == ".html" else strict_json.has_valid_checksum(content)
    if not is_own and not is_temporary(path.name):
        raise errors.not_of_the_folder(path, "another content than a comparison wrote")
