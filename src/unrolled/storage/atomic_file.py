"""The content of a file → the file, which has its name only when it is whole."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from unrolled.errors import output as errors

_TEMPORARY = re.compile(r"\..+\.[1-9]\d{0,8}\.partial")


def write_file(path: Path, content: bytes) -> None:
    """Write a file in place of an older one, in a folder that is made if need be; DataError leaves that as it was."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with errors.writing(path):
            path.parent.mkdir(exist_ok=True)
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def is_temporary(name: str) -> bool:
    """Return whether a killed `write_file` may have left a file of this name."""
    return bool(_TEMPORARY.fullmatch(name))
