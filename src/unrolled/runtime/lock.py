"""A path → a lock that one process at a time holds; the system frees it when the process ends, also by kill -9."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}  # so answer file systems that have none


@contextmanager
def locked(path: Path, taken: Callable[[str], Exception]) -> Iterator[None]:
    """Hold the lock in the block, or raise the error `taken` of the process's id that holds it.

    Who holds it may delete its file. Where the system has no such locks, as Windows, nothing is locked.
    """
    handle = _hold(path, taken)
    try:
        yield
    finally:
        os.close(handle)


def _hold(path: Path, taken: Callable[[str], Exception]) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            if not _lock(handle):
                raise taken(os.read(handle, 20).decode("ascii", "replace"))
            if _is_at(handle, path):
                os.ftruncate(handle, 0)
                os.write(handle, b"%d" % os.getpid())
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # its holder deleted it meanwhile


def _lock(handle: int) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False
