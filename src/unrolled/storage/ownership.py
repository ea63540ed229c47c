"""A folder, and the record in it that names its files → whether it holds these, unchanged, and nothing else.

Only such a folder is replaced or deleted, file by file: another file that appears meanwhile stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from unrolled.errors import FolderError
from unrolled.errors import folder as errors
from unrolled.storage.regular_file import FileRecord, Inside, opened

Record: TypeAlias = Callable[[Path], Mapping[str, FileRecord | None]]  # what it tells of each file; None of itself
Seen: TypeAlias = Mapping[str, tuple[int, ...]]  # of each file what changes whenever the file does


def seen(folder: Path) -> Seen:
    """Look at all files of a folder, without reading them."""
    with os.scandir(folder) as entries:
        found = {entry.name: os.stat(entry.path, follow_symlinks=False) for entry in entries}
    return {
        name: (recorded.st_ino, recorded.st_size, recorded.st_mtime_ns, recorded.st_ctime_ns)
        for name, recorded in found.items()
    }


def checked(folder: Path, record: Record) -> Seen:
    """Read all files of a folder; FolderError names the first one that isn't as its record tells, which is last."""
    while True:
        place = os.stat(folder).st_ino
        try:
            return _checked(folder, record)
        except (FolderError, FileNotFoundError):
            if not os.path.lexists(folder) or os.stat(folder).st_ino == place:  # else another run has replaced it
                raise


def names(folder: Path, record: Record, files: Iterable[str]) -> list[str]:
    """List `files`, the record first among them, and what else a folder's record names: the record comes last."""
    recorded: Mapping[str, FileRecord | None] = {}
    with suppress(FolderError):  # of a folder that was killed before it had a record
        recorded = record(folder)
    return list({**dict.fromkeys(files), **recorded})[::-1]


def delete(folder: Path, names: Iterable[str]) -> None:
    """Delete files of these names, in this order, and the folder, as far as possible; what has another name stays."""
    for name in names:
        with suppress(OSError):
            os.unlink(folder / name)
    with suppress(OSError):
        os.rmdir(folder)


def _checked(folder: Path, record: Record) -> Seen:
    found = seen(folder)
    recorded = _recorded(folder, record, found)
    for name in sorted(found):
        if name not in recorded:
            raise errors.not_of_the_folder(folder / name, "a file that its record doesn't name")
        if expected := recorded[name]:
            _read(Inside(folder, None, name, expected))
    return dict(sorted(found.items(), key=lambda file: recorded[file[0]] is None))


def _recorded(folder: Path, record: Record, found: Seen) -> Mapping[str, FileRecord | None]:
    if not found:
        return {}
    try:
        return record(folder)
    except FolderError as error:
        raise errors.target_is_foreign(folder, sorted(found), error) from error


def _read(path: Inside) -> None:
    try:
        with opened(path, at_most=2**63):
            pass  # at its end the rest is read, and compared with what is told
    except FolderError as error:
        raise errors.not_of_the_folder(path, error.problem) from error
