"""A path, or a name in an open folder → the open file, if it is a regular one with one name, read once and hashed.

No symbolic link is followed, no folder, pipe or device is opened, and no second name (hard link) is accepted: the file
could be changed under it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from unrolled.errors import FolderError
from unrolled.errors import folder as errors

# Without O_NONBLOCK, opening a pipe would wait for its writer.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_PIECE = 1 << 18


@dataclass(frozen=True)
class FileRecord:
    """What a manifest tells of a file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Inside(os.PathLike[str]):
    """A file of an open folder, and its record; `handle` is the folder's, None where a system has none."""

    folder: Path
    handle: int | None
    name: str
    record: FileRecord | None = None

    def __fspath__(self) -> str:
        """Return the whole path, to be shown."""
        return str(self.folder / self.name)


class RegularFile:
    """An open file that is read from its beginning to its end, and hashed on the way."""

    def __init__(self, path: os.PathLike[str], file: BufferedReader, record: FileRecord | None) -> None:
        """Refuse what is no regular file, and a size other than the one that was told."""
        self.path, self.file, self.record = path, file, record
        self.status, self.place, self.hash = os.fstat(file.fileno()), 0, hashlib.sha256()
        self.size = self.status.st_size
        _reject_others(path, self.status)
        if record and record.size != self.size:
            raise errors.other_size(path, record.size, self.size)

    def read(self, size: int) -> bytes:
        """Read the next bytes, fewer only at the end."""
        content = self.file.read(size)
        self._went_on(content)
        return content

    def readinto(self, memory: memoryview) -> int:
        """Read the next bytes into memory, as many as it holds; fewer only at the end."""
        count = self.file.readinto(memory)
        self._went_on(memory.cast("B")[:count])
        return count

    def _went_on(self, content: bytes | memoryview) -> None:
        self.place += len(content)
        if self.record:
            self.hash.update(content)

    def check(self) -> None:
        """Read what is left, and raise a FolderError if the whole isn't what was told, or is changing."""
        while self.record and self.place < self.size and self.read(min(_PIECE, self.size - self.place)):
            pass
        now = os.fstat(self.file.fileno())
        if (now.st_size, now.st_mtime_ns) != (self.size, self.status.st_mtime_ns):
            raise errors.is_changing(self.path)
        if self.record and self.hash.hexdigest() != self.record.sha256:
            raise errors.other_hash(self.path, self.record.sha256, self.hash.hexdigest())


@contextmanager
def opened(path: os.PathLike[str], *, at_most: int) -> Iterator[RegularFile]:
    """Open a regular file of at most this many bytes; at the end of the block, FolderError unless it is as told.

    That it was changed is also said in place of a FolderError of the block: it says more than what is wrong inside.
    """
    try:
        with _open(path) as raw:
            file = RegularFile(path, raw, path.record if isinstance(path, Inside) else None)
            if file.size > at_most:
                raise errors.wrong_size(path, f"at most {at_most:,} bytes", file.size)
            try:
                yield file
            except FolderError:
                file.check()
                raise
            file.check()
    except OSError as error:
        raise errors.cannot_read(path, error) from error


def _open(path: os.PathLike[str]) -> BufferedReader:
    """Look before opening: to open a pipe or a device is to do something with it."""
    handle = path.handle if isinstance(path, Inside) else None
    name = path.name if isinstance(path, Inside) and handle is not None else os.fspath(path)
    _reject_others(path, os.stat(name, dir_fd=handle, follow_symlinks=False))
    return open(name, "rb", opener=lambda name, _: os.open(name, _FLAGS, dir_fd=handle))


def _reject_others(path: os.PathLike[str], status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise errors.not_a_regular_file(path, status.st_mode)
    if status.st_nlink > 1:
        raise errors.hard_link(path, status.st_nlink)
