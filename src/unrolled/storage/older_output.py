"""A file whose name an output is to take by force → refused unless it is an older output of the same kind.

Answers and lists hold nothing that could tell an edit: that they begin as ours do has to do. Pages end in a hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from unrolled.data.compressed import HEAD, unpacked
from unrolled.errors import DataError
from unrolled.errors import output as errors

Own: TypeAlias = Callable[[Path], bool]  # whether a file is an older output of a kind
_SEAL = "<!-- sha256 of all above: {} -->\n"


def reject_other(output: Path, own: Own) -> None:
    """Raise a DataError for a file with content that isn't an older output of the same kind."""
    if not own(output):
        raise errors.other_kind(output)


def beginning(*heads: str) -> Own:
    """Make the kind of files, perhaps packed, whose text begins in one of these ways."""

    def own(path: Path) -> bool:
        with path.open("rb") as file, suppress(DataError):
            pieces = unpacked(file.read(HEAD), iter(lambda: file.read(1024), b""), path.name)
            found = _first(pieces, max(map(len, heads)))
            return not found or found.startswith(tuple(map(str.encode, heads)))  # nothing, packed, is no loss
        return False

    return own


def with_checksum(text: str) -> str:
    """Add to a page or picture what tells later whether someone edited it."""
    return text + _SEAL.format(hashlib.sha256(text.encode()).hexdigest())


def has_valid_checksum(path: Path) -> bool:
    """Return whether a file is as `with_checksum` made it."""
    with suppress(UnicodeDecodeError):
        content = path.read_bytes().decode()
        return with_checksum(content.rpartition(_SEAL[:4])[0]) == content
    return False


def free_name(output: Path) -> Path:
    """Find a name next to a file's, under which its content can be kept: list.csv → list.1.csv."""
    names = (output.with_name(f"{output.stem}.{number}{output.suffix}") for number in range(1, 10**9))
    return next(name for name in names if not name.exists() and not name.is_symlink())


def _first(pieces: Iterator[bytes], size: int) -> bytes:
    found = b""
    for piece in pieces:
        found += piece
        if len(found) >= size:
            break
    return found
