"""The name of a folder → temporary names next to it, each with its process's id, and what dead processes left there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

NEW, OLD = "partial", "previous"  # endings: of a folder that is being filled or deleted; of one that is exchanged
LONGER = len(".") + len(f".1234567-01234567.{OLD}")  # bytes that a temporary name has more; ids have seven digits


def unused_name(place: Path, ending: str = NEW) -> Path:
    """Make the name of a temporary folder of this process, on the same file system as the folder itself."""
    return place.with_name(f".{place.name}.{os.getpid()}-{os.urandom(4).hex()}.{ending}")


def temporaries(place: Path, ending: str = NEW) -> dict[Path, int]:
    """Find the temporary folders of a target, and the processes that made them."""
    form = re.compile(rf"\.{re.escape(place.name)}\.([1-9]\d{{0,8}})-[0-9a-f]{{8}}\.{ending}")
    try:
        found = [form.fullmatch(name) for name in os.listdir(place.parent)]
    except OSError:
        return {}
    return {place.with_name(match[0]): int(match[1]) for match in found if match}


def stale(place: Path, ending: str = NEW) -> Iterator[Path]:
    """Find the temporary folders of processes that are no more."""
    return (folder for folder, pid in temporaries(place, ending).items() if not alive(pid))


def alive(pid: int) -> bool:
    """Return whether a process is there."""
    if os.name == "nt":  # there os.kill(pid, 0) would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
