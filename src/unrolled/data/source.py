"""A path, or `-` for standard input → its bytes, unpacked: of a regular file or a pipe, and of nothing else."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Generator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from errno import ELOOP
from functools import partial
from typing import Any

from unrolled.data.compressed import HEAD, unpacked
from unrolled.errors import DataError
from unrolled.errors import files as errors

MAX_ROW_LENGTH = 10_000_000
_PIECE = 2**16
_REFUSED: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISSOCK, "a socket"),
)


def no_warning(warning: str) -> None:
    """Drop a warning."""
    del warning


@dataclass(frozen=True)
class ReadOptions:
    """How a source is read, whatever its format; `on_warning` is called with what is skipped and is no row."""

    encoding: str = "utf-8"
    max_row_length: int = MAX_ROW_LENGTH  # characters
    on_warning: Callable[[str], None] = no_warning
    format: str | None = None  # by default told by the suffix
    text_column: str = "text"
    label_column: str | None = "label"  # None where no labels are needed
    delimiter: str | None = None
    skip_bad_rows: bool = False


DEFAULTS = ReadOptions()


def name_of(source: str) -> str:
    """Return what messages call the source."""
    return "standard input" if source == "-" else source


def reject_standard_input_twice(*sources: str | None) -> None:
    """Raise a SettingError where two sources are one stream, of which each would get a part."""
    if sources.count("-") > 1:
        raise errors.standard_input_twice()


def pieces(source: str) -> Generator[bytes, None, None]:
    """Read and unpack the source piece by piece; what can't be opened or read is a DataError."""
    name = name_of(source)
    try:
        with _opened(source) as file:
            yield from unpacked(file.read(HEAD), iter(partial(file.read1, _PIECE), b""), name)
    except FileNotFoundError as error:
        raise missing(source) from error
    except IsADirectoryError as error:
        raise errors.folder_as_file(source) from error
    except OSError as error:
        raise missing(source) if error.errno == ELOOP else errors.unreadable(name, error) from error


class Bytes(io.RawIOBase):
    """Pieces, as a stream that `io` can wrap."""

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        """Take the pieces."""
        self._pieces, self._ready = pieces, memoryview(b"")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def close(self) -> None:
        """Close what the pieces come from."""
        self._pieces.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as the piece at hand goes."""
        while not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._ready = memoryview(piece)
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count


def _opened(source: str) -> Any:
    if source == "-":
        return nullcontext(sys.stdin.buffer)
    reject_devices(source)
    return open(source, "rb")


def reject_devices(path: str) -> None:
    """Raise a DataError for what never ends or can't be read as a file; OSError where nothing is."""
    mode = os.stat(path).st_mode
    for is_one, called in _REFUSED:
        if is_one(mode):
            raise errors.device(path, called)


def missing(path: str) -> DataError:
    """Make the error of a path where nothing is, or a link that leads nowhere."""
    with suppress(OSError):  # it is no link
        return errors.dangling_link(path, os.readlink(path))
    return errors.missing_file(path, _siblings(path))


def _siblings(path: str) -> list[str]:
    """List what is in the folder of the path, as far as that can be seen."""
    try:
        return os.listdir(os.path.dirname(path) or ".")
    except OSError:
        return []
