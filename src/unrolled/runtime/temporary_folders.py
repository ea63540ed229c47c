"""The name of a folder → temporary names beside it, each with its process's id, and their removal."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

LONGER = len(".") + len(".1234567-01234567.partial")  # bytes that a temporary name has more; ids have seven digits


def unused_name(place: Path) -> Path:
    """Make the name of a temporary folder of this process, on the same file system as the folder itself."""
    return place.with_name(f".{place.name}.{os.getpid()}-{os.urandom(4).hex()}.partial")


def temporaries(place: Path) -> dict[Path, int]:
    """Find the temporary folders of a target, and the processes that made them."""
    form = re.compile(rf"\.{re.escape(place.name)}\.([1-9]\d{{0,8}})-[0-9a-f]{{8}}\.partial")
    try:
        found = [form.fullmatch(name) for name in os.listdir(place.parent)]
    except OSError:
        return {}
    return {place.with_name(match[0]): int(match[1]) for match in found if match}


def discard_of_the_dead(place: Path) -> None:
    """Delete the temporary folders of processes that are no more."""
    for temporary, pid in temporaries(place).items():
        if not _alive(pid):
            with suppress(OSError):
                discard(temporary, place)


def discard(folder: Path, place: Path) -> None:
    """Delete a folder, under a temporary name: so what stands under any other name is whole at every moment."""
    doomed = unused_name(place)
    os.rename(folder, doomed)
    remove(doomed)


def remove(temporary: Path) -> None:
    """Delete a temporary folder as far as possible; what stays, the next write removes."""
    with suppress(OSError):  # rmtree itself lets an error of close through
        shutil.rmtree(temporary, ignore_errors=True)


def _alive(pid: int) -> bool:
    if os.name == "nt":  # there os.kill(pid, 0) would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
