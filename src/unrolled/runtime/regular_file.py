"""A path → the open file, if it is a regular one: no symbolic link, folder, pipe or device."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from unrolled.errors import folder as errors

# Without O_NONBLOCK, opening a pipe would wait for its writer.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def opened(path: Path) -> Iterator[tuple[BufferedReader, int]]:
    """Open a regular file and give it with its size in bytes; FolderError for anything else."""
    try:
        with open(path, "rb", opener=lambda name, _: os.open(name, _FLAGS)) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise errors.not_a_regular_file(path)
            yield file, status.st_size
    except OSError as error:
        raise errors.cannot_read(path, error) from error
