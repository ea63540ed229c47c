"""Pieces of a file → the pieces of what is packed in it by gzip or zstd, recognised by the first bytes.

What is cut off or damaged is a DataError that says how far it went, never a quiet end.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Literal

from unrolled.environment.packages import ZSTANDARD
from unrolled.errors import files as errors

Packing = Literal["gzip", "zstd"]
SUFFIXES: dict[str, Packing] = {".gz": "gzip", ".zst": "zstd"}
HEAD = 10  # bytes that tell
_MAGIC: dict[bytes, Packing] = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_MAGIC |= {bytes([low]) + b"\x2a\x4d\x18": "zstd" for low in range(0x50, 0x60)}  # frames to skip, as of pzstd
_OTHERS = (  # that aren't read: how they begin, what they are, the error
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "a ZIP archive, as a workbook (.xlsx, .ods) is too", errors.workbook),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1", "a file of an older Office, such as a workbook (.xls)", errors.workbook),
    (rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", "bzip2", errors.archive),
    (rb"\xfd7zXZ\x00", "xz", errors.archive),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", errors.archive),
    (rb"Rar!\x1a\x07", "a RAR archive", errors.archive),
    (rb"\x04\x22\x4d\x18", "lz4", errors.archive),
    (rb"\x1f[\x9d\xa0]", "a file of compress (.Z)", errors.archive),
)
_LARGE_WINDOW = "Frame requires too much memory"  # so zstd's library says it
_FEED = 1024  # bytes unpacked at a time: even a gigabyte of zeros comes in pieces of at most 32 MB


def without_packing(path: str) -> str:
    """Return the path without its `.gz` or `.zst`: what tells the format within."""
    stem, suffix = os.path.splitext(path)
    return stem if suffix.lower() in SUFFIXES else path


def unpacked(head: bytes, pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Unpack what begins with `head`, or pass on what isn't packed; a name that says otherwise is a DataError.

    So is an archive of another kind, whatever its name.
    """
    for begins, kind, error in _OTHERS:
        if re.match(begins, head):
            raise error(name, kind)
    found = next((packing for magic, packing in _MAGIC.items() if head.startswith(magic)), None)
    expected = SUFFIXES.get(os.path.splitext(name)[1].lower())
    if expected not in (None, found):
        raise errors.not_packed(name, expected, found if head else "an empty file")
    whole = chain([head], pieces)
    return whole if found is None else _members(whole, found, name)


def _members(pieces: Iterable[bytes], packing: Packing, name: str) -> Iterator[bytes]:
    """Unpack the members (zstd: frames) of which such a file has one or more, perhaps with zeros behind them."""
    begin, failures = _unpacker(packing)
    member, begun, done = begin(), False, 0
    for rest in _small(pieces):
        while rest := rest if begun else rest.lstrip(b"\0"):
            try:
                piece = member.decompress(rest)
            except failures as error:
                if _LARGE_WINDOW in str(error):
                    raise errors.large_window(name) from error
                raise errors.damaged_packing(name, packing, done, str(error)) from error
            done += len(piece)
            yield piece
            begun, rest = not member.eof, member.unused_data
            member = member if begun else begin()
    if begun:
        raise errors.cut_packing(name, packing, done)


def _small(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), _FEED):
            yield piece[start : start + _FEED]


def _unpacker(packing: Packing) -> tuple[Any, type[Exception]]:
    """Return how to begin a member, and what it raises."""
    if packing == "gzip":
        return lambda: zlib.decompressobj(wbits=31), zlib.error
    ZSTANDARD.require("reading zstd")
    import zstandard

    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError
