"""Text → bytes in a file, perhaps packed by gzip or zstd, in members that are each unpacked without the others.

Where a member ends, a run that was cut off can go on: the bytes before it stay, and those behind don't depend on them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

from unrolled.data.compressed import Packing

_BUFFER = 1 << 16


def text_file(raw: io.FileIO, packing: Packing | None) -> io.TextIOWrapper:
    """Open a file for text in UTF-8, whose line ends are written as they are."""
    buffered = io.BufferedWriter(raw, _BUFFER)
    packed: Any = _Packed(buffered, packing) if packing else buffered
    return io.TextIOWrapper(packed, encoding="utf-8", newline="")


def end_member(file: io.TextIOWrapper, *, last: bool = False) -> None:
    """Write out all that was given to the file; a packed one has at least one member, also if it holds nothing."""
    file.flush()
    if isinstance(file.buffer, _Packed):
        file.buffer.end_member(last=last)


def packer(packing: Packing | None) -> str:
    """Name what packs, by its version: another one may write other bytes."""
    if packing == "zstd":
        import zstandard

        return f"zstandard {zstandard.__version__}"
    return f"zlib {zlib.ZLIB_RUNTIME_VERSION}" if packing else "none"


class _Packed(io.BufferedIOBase):
    """Packs what is written, member by member."""

    def __init__(self, file: io.BufferedWriter[Any], packing: Packing) -> None:
        self.file, self.begin = file, _beginning(packing)
        self.member: Any = None
        self.is_empty = not file.tell()

    def writable(self) -> bool:
        """Return that it can be written."""
        return True

    def write(self, content: Any) -> int:
        """Pack some bytes."""
        self.member = self.member or self.begin()
        self.file.write(self.member.compress(content))
        self.is_empty = False
        return len(content)

    def flush(self) -> None:
        """Write out what is packed already; the member goes on."""
        self.file.flush()

    def end_member(self, *, last: bool) -> None:
        """End the member that was begun."""
        if last and self.is_empty:
            self.write(b"")
        if self.member is not None:
            self.file.write(self.member.flush())
            self.member = None
        self.file.flush()

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            super().close()
            self.file.close()


def _beginning(packing: Packing) -> Callable[[], Any]:
    if packing == "gzip":
        return lambda: zlib.compressobj(wbits=31)  # its header has no time
    import zstandard

    return lambda: zstandard.ZstdCompressor().compressobj()
