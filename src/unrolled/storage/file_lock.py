"""A name that will be written to → held by this process alone until the block ends, also where it is killed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unrolled.errors import checkpoint as errors
from unrolled.errors import folder as folder_errors

_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe of that name is not waited for
_LONGEST = 20  # digits of a process's number
_CANNOT = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}  # so answer file systems without locks


@contextmanager
def acquire(target: Path, lock: Path | None = None) -> Iterator[None]:
    """Hold a lock on the name; FolderError with the process's id where another one holds it.

    The lock is a file next to the target, or the one that is named, locked by the system, so that it is free at once
    when its process is no more.
    """
    try:
        place = Path(os.path.realpath(target))
        place.parent.mkdir(parents=True, exist_ok=True)
        path = lock or place.with_name(f".{place.name}.lock")
        handle = _locked(path, target)
    except OSError as error:
        if lock:  # in a file's place: its writer tells what that means
            raise
        raise folder_errors.cannot_write(target, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)  # while it is still locked: who waits for it sees that it is gone
        with suppress(OSError):  # it lets go of the file even then, and what was to be written is written
            os.close(handle)
        if os.name == "nt":  # where an open file can't be deleted, nor one that the next has opened
            with suppress(OSError):
                path.unlink()


def _locked(path: Path, target: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _FLAGS, 0o666)
        try:
            _lock(handle, target)
            if _is_still(path, handle):
                _reject_foreign(path, handle)
                _sign(path, handle)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the one who held it has deleted it


def _reject_foreign(path: Path, handle: int) -> None:
    """Raise a FolderError for what isn't a file of ours: it is empty, or holds the number of a process."""
    status = os.fstat(handle)
    if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and status.st_size <= _LONGEST:
        content = _read(handle)
        if not content or content.isdigit():
            return
    raise errors.no_lock(path)


def _sign(path: Path, handle: int) -> None:
    """Write this process's number into the file, which is deleted where there is no room for it."""
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, str(os.getpid()).encode())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False


def _lock(handle: int, target: Path) -> None:
    from filelock import lock_descriptor  # takes as long to import as a small file to predict

    try:
        is_held = lock_descriptor(handle, blocking=False)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
        return
    if not is_held:
        raise errors.in_use(target, _read(handle).decode("ascii", "replace") or "unknown")


def _read(handle: int) -> bytes:
    """Return the number of the process, or what else is in the file; nothing where the system locks its content too."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        return os.read(handle, _LONGEST)
    except OSError:
        return b""
