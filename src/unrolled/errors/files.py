"""What can't be opened, unpacked, decoded or read as a file → the error to raise."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable

from unrolled.errors.kinds import DataError, SettingError, nearest


def missing_file(where: str, siblings: Iterable[str] = ()) -> DataError:
    """Nothing is at the path; `siblings` are the names in its folder."""
    own = os.path.basename(where)
    near = nearest(own, [name for name in siblings if name != own])
    step = near if near.startswith("Did") else "Check the path."
    return DataError("no such file or folder", step, where=where)


def dangling_link(where: str, target: str) -> DataError:
    """The path is a symbolic link to nothing, or to itself."""
    step = "Fix the link, or give the file itself."
    return DataError(f"this link leads nowhere: '{target}'", step, where=where)


def archive(where: str, kind: str) -> DataError:
    """The first bytes are those of a file that is packed in a way that isn't read."""
    step = "Unpack it, or compress it again as .gz or .zst."
    return DataError(f"this is {kind}, which can't be read", step, where=where)


def workbook(where: str, kind: str) -> DataError:
    """The first bytes are those of a file that may be a workbook."""
    step = "Unpack it; if it is a workbook, save the table as CSV in UTF-8."
    return DataError(f"this is {kind}, perhaps a workbook, which can't be read", step, where=where)


def device(where: str, called: str) -> DataError:
    """The path names a device or a socket."""
    return DataError(
        f"this is {called}, not a file or a pipe", "Give a file, or pass - for standard input.", where=where
    )


def not_packed(where: str, expected: str, found: str | None) -> DataError:
    """A file is named .gz or .zst and is something else."""
    received = found or f"something that isn't {expected}"
    return DataError(
        f"by its name this is {expected}, but it is {received}",
        "Rename the file, or fetch it again.",
        where=where,
    )


def cut_packing(where: str, packing: str, done: int) -> DataError:
    """A compressed file ends in the middle."""
    return DataError(
        f"the {packing} data ends in the middle, after {done:,} unpacked bytes",
        "Fetch or compress it again.",
        where=where,
    )


def damaged_packing(where: str, packing: str, done: int, message: str) -> DataError:
    """A compressed file can't be unpacked further."""
    return DataError(
        f"the {packing} data is damaged after {done:,} unpacked bytes ({message})",
        "Fetch or compress it again.",
        where=where,
    )


def large_window(where: str) -> DataError:
    """A file was packed by zstd --long or --ultra, so that unpacking it takes more memory than is safe."""
    step = "Compress it again: 'zstd -dc --long=31 OLD.zst | zstd -o NEW.zst'."
    return DataError("unpacking this zstd file needs a window of more than 128 MiB of memory", step, where=where)


def not_parquet(where: str, received: str) -> DataError:
    """A file doesn't begin as Parquet does."""
    return DataError(f"this is not a Parquet file but {received}", "Choose the right --format.", where=where)


def damaged_parquet(where: str, done: int, message: str) -> DataError:
    """A Parquet file can't be read further."""
    return DataError(
        f"the Parquet file is damaged after {done:,} rows ({message})", "Fetch or write it again.", where=where
    )


def unknown_encoding(name: str) -> SettingError:
    """Python knows no such encoding."""
    return SettingError(f"there is no text encoding '{name:.40}'", "Try utf-8, utf-16, latin-1 or cp1252.")


def not_decoded(where: str, encoding: str, message: str) -> DataError:
    """An encoding's decoder can't go on."""
    step = "Choose another --encoding."
    return DataError(f"the file can't be decoded as {encoding} ({message})", step, where=where)


def standard_input_twice() -> SettingError:
    """Two files of a command are both standard input."""
    return SettingError("standard input (-) can be used for one file only", "Give a path for the others.")


def folder_as_file(where: str) -> DataError:
    """A folder was given where the format asks for a file."""
    return DataError(
        "this is a folder, not a file", "Give a file, or --format folder for DIR/<label>/<file>.txt.", where=where
    )


def unreadable(where: str, error: OSError) -> DataError:
    """The operating system refused to open or read."""
    reason = "a closed stream" if isinstance(error, io.UnsupportedOperation) else error.strerror or str(error)
    return DataError(f"can't read it: {reason}", "Check the path and its permissions.", where=where)


def other_encoding(where: str, found: str) -> DataError:
    """The file begins with the byte order mark of UTF-16 or UTF-32."""
    return DataError(f"the file is encoded in {found}, not in UTF-8", f"Pass --encoding {found.lower()}.", where=where)
