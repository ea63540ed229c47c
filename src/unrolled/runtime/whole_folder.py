"""Names and contents of files → a folder that is written whole or not at all, whenever the process is killed."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from unrolled.errors import FolderError
from unrolled.errors import folder as errors
from unrolled.runtime.exchange import exchanged
from unrolled.runtime.name_length import refuse_long_name
from unrolled.runtime.temporary_folders import LONGER, discard, discard_of_the_dead, remove, temporaries, unused_name

Content: TypeAlias = bytes | Iterable[memoryview]  # of a file, all at once or piece by piece
_MARKS = ("config.json", "checkpoint.json")  # a folder with one of these files, and no folders, is ours to replace


def write_folder(target: Path, files: Mapping[str, Content], *, force: bool = False, only: str | None = None) -> None:
    """Write files to a folder, in place of an older one of ours if `force`; FolderError: all is as it was.

    What is replaced has the file `only`, if that is given, and no other kind of folder's.
    """
    with _told(target):
        place = _real(target)
        refuse_long_name(target, place, LONGER)
        _refuse(place, force=force, only=only)
        _tidy(place)
        partial = unused_name(place)
        try:
            _fill(partial, files)
            _put(partial, place, force=force)
        finally:
            remove(partial)  # by now it holds the old content, or what an error left


def refuse_early(target: Path, *, force: bool = False, beside: str = "") -> None:
    """Raise, before hours of training, the FolderError that `write_folder` would raise after them.

    What else is kept there on the way has names that end in `beside`.
    """
    with _told(target):
        place = _real(target)
        refuse_long_name(target, place, LONGER + len(beside))
        _refuse(place, force=force)
        above = _nearest_existing(place.parent)
        probe = above / unused_name(place).name
        os.mkdir(probe)
        os.rmdir(probe)
        _sync_folder(above)


def whole(target: Path) -> Path:
    """Say where the whole folder is: `target`, or `target.previous` after an exchange by steps that was cut off."""
    place = _real(target)
    if os.path.lexists(place):
        return target
    previous = _previous(place)
    return previous if previous.is_dir() and temporaries(place) else target


def found(target: Path, missing: Callable[[str], FolderError]) -> Path:
    """Say where the whole folder is, or raise the error `missing` of its name where none is."""
    try:
        place = whole(target)
        if place.is_dir():
            return place
    except (OSError, ValueError):  # a name that no file can have, a place that may not be looked into
        pass
    raise missing(str(target))


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise errors.cannot_write(target, error) from error


def _real(target: Path) -> Path:
    try:
        return Path(os.path.realpath(os.fsdecode(os.fsencode(target))))
    except ValueError as error:
        raise errors.impossible_name(target) from error


def _previous(place: Path) -> Path:
    return place.with_name(f"{place.name}.previous")


def _nearest_existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if os.path.lexists(place))


def _refuse(place: Path, *, force: bool, only: str | None = None) -> None:
    here = whole(place)
    nearest = _nearest_existing(here)
    if not nearest.is_dir():
        raise errors.target_is_a_file(nearest)
    if nearest != here:
        return
    if os.path.ismount(here):
        raise errors.target_is_a_mount(here)
    if os.listdir(here) and not force:
        raise errors.target_is_full(here)
    _refuse_foreign(here, only)


def _refuse_foreign(folder: Path, only: str | None = None) -> None:
    if os.listdir(folder) and not is_ours(folder, only):
        raise errors.target_is_foreign(folder, only or _MARKS[0])


def is_ours(folder: Path, only: str | None = None) -> bool:
    """Say whether a folder has no folders and a mark of ours, or that one alone."""
    with os.scandir(folder) as scan:
        is_folder = {entry.name: entry.is_dir(follow_symlinks=False) for entry in scan}
    marks = [mark for mark in _MARKS if mark in is_folder]
    return not any(is_folder.values()) and (marks == [only] if only else bool(marks))


def remove_folder(target: Path, *, only: str) -> None:
    """Delete a folder if it is there, with this mark and no other, and what was left beside it; raises FolderError.

    Its name must be held by this process: then whatever is temporary beside it is of processes that are no more, though
    one of another container or of a later boot may have their numbers.
    """
    with _told(target):
        place = _real(target)
        for folder in (place, _previous(place)):
            if folder.is_dir() and (not os.listdir(folder) or is_ours(folder, only)):
                discard(folder, place)
        for temporary in temporaries(place):
            remove(temporary)


def _tidy(place: Path) -> None:
    """Set right what killed processes left beside the target."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if (here := whole(place)) != place:
        os.rename(here, place)
    discard_of_the_dead(place)


def _fill(partial: Path, files: Mapping[str, Content]) -> None:
    os.mkdir(partial)
    for name, content in files.items():
        _write_file(partial / name, content)
    _sync_folder(partial)


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


def _sync_folder(folder: Path) -> None:
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


def _put(partial: Path, place: Path, *, force: bool) -> None:
    replaces = force and place.exists()
    if replaces:
        _exchange(partial, place)
    else:
        os.rename(partial, place)  # takes the place of an empty folder, and fails on any other
    try:
        _sync_folder(place.parent)
    except OSError:
        if replaces:
            _exchange(partial, place)
        else:
            os.rename(place, partial)
        raise


def _exchange(partial: Path, place: Path) -> None:
    if not exchanged(partial, place):
        _exchange_by_steps(partial, place)


def _exchange_by_steps(partial: Path, place: Path) -> None:
    previous = _previous(place)
    if os.path.lexists(previous):
        _refuse_foreign(previous)
        discard(previous, place)
    try:
        os.rename(place, previous)
        os.rename(partial, place)
        os.rename(previous, partial)
    except BaseException:
        if previous.exists():
            if place.exists():
                os.rename(place, partial)
            os.rename(previous, place)
        raise
