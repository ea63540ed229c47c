"""Names and contents of files → files in a folder that outlast a power failure."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

Content: TypeAlias = bytes | Iterable[memoryview]  # of a file, all at once or piece by piece


def fill(folder: Path, files: Mapping[str, Content]) -> None:
    """Write files into an empty folder, in this order."""
    for name, content in files.items():
        _write_file(folder / name, content)
    sync_folder(folder)


def _write_file(path: Path, content: Content) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        for piece in (content,) if isinstance(content, bytes) else content:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Sync a folder's names to the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows can't open a folder
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF):  # so answer file systems that can't sync a folder
            raise
    finally:
        os.close(handle)
