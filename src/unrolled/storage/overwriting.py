"""Names of what is read and of what is written → refused where writing would change what is read, by whatever name.

Files are compared by device and inode, so that links, relative paths and the case of letters hide nothing. A folder
that is read covers all that is in it; a folder that is written covers all that it would replace.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from unrolled.data.source import name_of
from unrolled.errors.output import output_is_input

Name: TypeAlias = str | os.PathLike[str]
STANDARD_INPUT, STANDARD_OUTPUTS = 0, (1, 2)
# What commands write next to an output: answers so far, the checkpoint, locks.
COMPANIONS = (".{}.partial", "{}.checkpoint", ".{}.lock", ".{}.checkpoint.lock")
_KINDS = (stat.S_IFREG, stat.S_IFDIR, stat.S_IFIFO)  # a terminal may be read and written at once


class _Place(NamedTuple):
    """What is at a name, by device and inode, None where nothing is; and the folders that it is in."""

    own: tuple[int, int] | None
    folders: set[tuple[int, int] | None]

    def is_in(self, other: _Place) -> bool:
        """Return whether it is the other, or in it."""
        return other.own is not None and other.own in {self.own, *self.folders}


def reject_overwriting(read: Mapping[str, Name | None], written: Name | None) -> None:
    """Raise a SettingError where `written`, or a file that standard output is redirected to, is something `read`.

    `read` has each input under the name that a message calls it by; `-` is standard input. What is written next to
    `written` on the way counts too.
    """
    inputs = {name: _found(path) for name, path in read.items() if path is not None}
    for shown, output, is_replaced in _outputs(written):
        for name, place in inputs.items():
            if output.is_in(place) or (is_replaced and place.is_in(output)):
                raise output_is_input(shown, name, name_of(str(read[name])))


def _outputs(written: Name | None) -> Iterator[tuple[str, _Place, bool]]:
    """List what is written: what a message calls it, where it is, and whether all that is in it is replaced."""
    for handle in STANDARD_OUTPUTS:
        status = _status(handle)
        if status and stat.S_ISREG(status.st_mode):
            yield "the file that the output is redirected to", _found(handle), False
    if written is None or os.fspath(written) == "-":
        return
    yield os.fspath(written), _found(written), True
    path = _real(written)
    for form in COMPANIONS:
        companion = path.parent / form.format(path.name)
        yield str(companion), _found(companion), True


def _found(place: Name | int) -> _Place:
    if place == "-":
        place = STANDARD_INPUT
    path = _real(f"/proc/self/fd/{place}" if isinstance(place, int) else place)
    return _Place(_identity(_status(place)), {_identity(_status(folder)) for folder in path.parents})


def _real(name: Name) -> Path:
    try:
        return Path(os.path.realpath(name))
    except ValueError:  # a name that no file can have, which reading and writing refuse
        return Path()


def _status(place: Name | int) -> os.stat_result | None:
    try:
        return os.stat(place)
    except (OSError, ValueError):
        return None


def _identity(status: os.stat_result | None) -> tuple[int, int] | None:
    if status is None or stat.S_IFMT(status.st_mode) not in _KINDS:
        return None
    return status.st_dev, status.st_ino
