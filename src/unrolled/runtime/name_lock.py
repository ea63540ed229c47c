"""A name that will be written to → held by this process alone until the block ends, also where it is killed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unrolled.errors import checkpoint as errors
from unrolled.errors import folder as folder_errors

_CANNOT = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}  # so answer file systems without locks


@contextmanager
def held(target: Path) -> Iterator[None]:
    """Hold a lock on the name; FolderError with the process's id where another one holds it.

    The lock is a file beside the target, locked by flock(2), so that it is free at once when its process is no more.
    """
    try:
        place = Path(os.path.realpath(target))
        place.parent.mkdir(parents=True, exist_ok=True)
        path = place.with_name(f".{place.name}.lock")
        handle = _locked(path, target)
    except OSError as error:
        raise folder_errors.cannot_write(target, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)  # while it is still locked: who waits for it sees that it is gone
        os.close(handle)


def _locked(path: Path, target: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            _lock(handle, target)
            if _is_still(path, handle):
                os.ftruncate(handle, 0)
                os.write(handle, str(os.getpid()).encode())
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the one who held it has deleted it


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False


def _lock(handle: int, target: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: there nothing is locked
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.pread(handle, 20, 0).decode("ascii", "replace")
        raise errors.in_use(target, pid or "unknown") from None
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
