"""Names and contents of files → a folder that is written whole or not at all, whenever the process is killed.

With `force` it takes the place of an older one, if that one's own record names all its files as they are: `ownership`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from unrolled.errors import FolderError
from unrolled.errors import folder as errors
from unrolled.storage import manifest
from unrolled.storage.exchange import exchanged
from unrolled.storage.fsync import Content, fill, sync_folder
from unrolled.storage.name_length import reject_long_name
from unrolled.storage.ownership import Record, Seen, checked, delete, names, seen
from unrolled.storage.temporary_folders import LONGER, OLD, stale, temporaries, unused_name


def write_folder(
    target: Path, files: Mapping[str, Content], *, force: bool = False, record: Record = manifest.record
) -> None:
    """Write files to a folder, in place of an older one of the same kind if `force`; FolderError: all is as it was.

    Where even that can't be had, the error says what stands there. The file that `record` reads comes first.
    """
    place, partial = _real(target), None
    state = _StateOnDisk(target, place)
    with state.reporting(), _parents(place):
        reject_long_name(target, place, LONGER)
        before = _reject(place, force=force, record=record)
        _clean_up(place, record, files)
        partial = unused_name(place)
        try:
            os.mkdir(partial)
            state.new = _number(partial)
            fill(partial, files)
            before = _put(partial, place, before, record, force=force)
            delete(partial, before)
        except BaseException:
            with suppress(OSError):
                _clean(partial, state.new, names(partial, record, files), before)
            raise


def check_output(target: Path, *, force: bool = False, needed_for: str = "") -> None:
    """Raise, before hours of training, the FolderError that `write_folder` would raise after them.

    What else is kept there on the way has names that end in `needed_for`.
    """
    place = _real(target)
    with _StateOnDisk(target, place).reporting():
        reject_long_name(target, place, LONGER + len(needed_for))
        _reject(place, force=force, record=manifest.record)
        above = _nearest_existing(place.parent)
        probe = above / unused_name(place).name
        os.mkdir(probe)
        try:
            sync_folder(above)
        finally:
            delete(probe, ())


def remove_folder(target: Path, record: Record, files: Iterable[str]) -> None:
    """Delete a folder if it is there and as its record tells, and what was left next to it; raises FolderError.

    Its name must be held by this process: then what is temporary next to it is of processes that have ended, though
    one of another container or of a later boot may have their numbers. `files` are those that such a folder may have.
    """
    place = _real(target)
    with _StateOnDisk(target, place).reporting():
        for folder in (place, *temporaries(place, OLD)):
            if folder.is_dir():
                _remove(folder, place, record)
        for temporary in temporaries(place):
            delete(temporary, names(temporary, record, files))


def current(target: Path) -> Path:
    """Return where the whole folder is: `target`, or another name after an exchange by steps that was cut off."""
    place = _real(target)
    return target if os.path.lexists(place) else next(iter(temporaries(place, OLD)), target)


def locate(target: Path, missing: Callable[[str], FolderError]) -> Path:
    """Return where the whole folder is, or raise the error `missing` of its name where none is."""
    with suppress(OSError, ValueError):  # a name that no file can have, a place that may not be looked into
        place = current(target)
        if place.is_dir():
            return place
    raise missing(str(target))


class _StateOnDisk:
    """What stands at a place before, and after an error."""

    def __init__(self, target: Path, place: Path) -> None:
        """Look at what is there, by its number on the disk."""
        self.target, self.place = target, place
        self.old: int | None = _number(current(place))
        self.new: int | None = -1

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Raise an OSError of the block as a FolderError that says what the folder is after it."""
        try:
            yield
        except OSError as error:
            raise errors.cannot_write(self.target, error, self._state()) from error

    def _state(self) -> str:
        now = _number(self.place)
        if now == self.new:
            return "the new folder stands there, whole, but a power failure may undo it"
        return "nothing of that name was changed" if now == self.old else f"it is whole as {current(self.place)}"


def _number(folder: Path) -> int | None:
    """Return the number that identifies a folder on its disk, under any name; None where there is none."""
    try:
        return os.stat(folder).st_ino
    except OSError:
        return None


def _real(target: Path) -> Path:
    try:
        return Path(os.path.realpath(os.fsdecode(os.fsencode(target))))
    except ValueError as error:
        raise errors.impossible_name(target) from error


def _nearest_existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if os.path.lexists(place))


def _clean(partial: Path, new: int | None, files: Iterable[str], before: Seen) -> None:
    """Delete what an error or a signal left: the new folder, or after the exchange the older one, of these files."""
    if new == -1 or _number(partial) == new:
        delete(partial, files)
    elif seen(partial).items() <= before.items():  # else it is another's, and could not be put back
        delete(partial, before)


@contextmanager
def _parents(place: Path) -> Iterator[None]:
    """Make the folders above; an error takes those away that it leaves empty."""
    missing = [folder for folder in place.parents if not os.path.lexists(folder)]
    try:
        yield
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                os.rmdir(folder)
        raise


def _reject(place: Path, *, force: bool, record: Record) -> Seen:
    """Raise the FolderError of what may not be replaced; else give what is there, by its files."""
    here = current(place)
    nearest = _nearest_existing(here)
    if not nearest.is_dir():
        raise errors.target_is_a_file(nearest)
    if nearest != here:
        return {}
    if os.path.ismount(here):
        raise errors.target_is_a_mount(here)
    if os.listdir(here) and not force:
        raise errors.target_is_full(here)
    return checked(here, record)


def _clean_up(place: Path, record: Record, files: Iterable[str]) -> None:
    """Clean up what killed processes left next to the target."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if (here := current(place)) != place:
        os.rename(here, place)
    for folder in (*stale(place), *stale(place, OLD)):
        delete(folder, names(folder, record, files))


def _remove(folder: Path, place: Path, record: Record) -> None:
    """Delete a folder of ours under a temporary name: so what has any other name is whole at every moment."""
    try:
        before = checked(folder, record)
    except FolderError:  # another's
        return
    doomed = unused_name(place)
    os.rename(folder, doomed)
    if seen(doomed) == before:
        delete(doomed, before)
    else:
        os.rename(doomed, folder)


def _put(partial: Path, place: Path, before: Seen, record: Record, *, force: bool) -> Seen:
    """Rename the folder to its name; what had that name is then `partial`, with these files."""
    replaces = force and place.exists()
    put = _exchange if replaces else os.rename  # that takes the place of an empty folder, and fails on any other
    put(partial, place)
    try:
        if replaces and seen(partial) != before:
            before = _changed(partial, place, record)
        sync_folder(place.parent)
        return before
    except BaseException:
        if replaces:
            _exchange(partial, place)
        else:
            os.rename(place, partial)
        raise


def _changed(older: Path, place: Path, record: Record) -> Seen:
    """Raise a FolderError unless what was exchanged is a folder of ours too, as of a run at the same time."""
    try:
        return checked(older, record)
    except FolderError as error:
        raise errors.changed_during_write(place, error.where.rpartition(os.sep)[2]) from error


def _exchange(partial: Path, place: Path) -> None:
    if not exchanged(partial, place):
        _exchange_by_steps(partial, place)


def _exchange_by_steps(partial: Path, place: Path) -> None:
    previous = unused_name(place, OLD)
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
