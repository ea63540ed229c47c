"""Why the system doesn't let us write a file or a folder → what to do about it, and the error of a name too long."""

from __future__ import annotations

import errno
from pathlib import Path

from unrolled.errors.kinds import FolderError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def advice(error: OSError) -> str:
    """Return the advice."""
    if error.errno in _NO_ROOM:
        return "Make room there"
    return "Choose a shorter name" if error.errno == errno.ENAMETOOLONG else "Choose a place that you may write to"


def name_too_long(path: Path, size: int, longest: int) -> FolderError:
    """Make the error of a name that leaves no room for the longer ones of what is kept next to it on the way."""
    step = "Choose a shorter name; nothing was changed."
    return FolderError(
        f"the name has {size:,} bytes, and at most {longest:,} leave room for temporary names", step, where=str(path)
    )
