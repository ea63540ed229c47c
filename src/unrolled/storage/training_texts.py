"""Fingerprints of a model's texts ↔ fingerprints.safetensors: two sorted arrays of uint64, in the one form we write.

Read only by what asks which texts a model has seen; the file is mapped, so it takes no memory for what isn't looked at.
"""

from __future__ import annotations

import os
from mmap import ACCESS_READ, mmap
from typing import Any

import numpy as np

from unrolled.errors import folder as errors
from unrolled.errors.texts import too_many_fingerprints
from unrolled.storage import strict_json
from unrolled.storage.regular_file import RegularFile, opened
from unrolled.storage.tensors import header
from unrolled.text.fingerprints import SIZE, Fingerprints, TextFingerprints

FINGERPRINTS = "fingerprints.safetensors"
LARGEST = 2**31  # fingerprints, 16 GiB: no more are read or written
_NAMES = ("train", "selection")
_OLD_FORM = ""  # fingerprints of words, as before 2026-12-01: no use now
_FORMS = {True: "_of_letters", False: "_of_letters_incomplete"}  # behind the names of the tensors, by completeness
_LONGEST_HEADER = 1000  # bytes
_PIECE = 65_536  # fingerprints that are looked at together
_FORM = "a safetensors file of sorted fingerprints"


def reject_too_many(fingerprints: TextFingerprints) -> None:
    """Raise the DataError of more fingerprints than `read` reads."""
    if (count := sum(fingerprints.counts.values())) > LARGEST:
        raise too_many_fingerprints(count, LARGEST)


def to_bytes(fingerprints: TextFingerprints) -> bytes:
    """Write both arrays: the same bytes for the same texts."""
    reject_too_many(fingerprints)
    arrays = {name + _FORMS[fingerprints.complete]: np.asarray(getattr(fingerprints, name), "<u8") for name in _NAMES}
    return header(arrays) + b"".join(array.tobytes() for array in arrays.values())


def read(path: os.PathLike[str]) -> TextFingerprints | None:
    """Map what `to_bytes` wrote, read-only; None for fingerprints of an older form, FolderError for anything else."""
    with opened(path, at_most=8 + _LONGEST_HEADER + SIZE * LARGEST) as file:
        form, counts = _counts(path, file)
        first, total = file.place, sum(counts)
        if file.size != first + SIZE * total:
            raise errors.wrong_size(path, f"{first + SIZE * total:,} bytes", file.size)
        for count in counts:
            _reject_unsorted(path, file, count)
        try:
            mapping = mmap(file.file.fileno(), first + SIZE * total, access=ACCESS_READ)
        except ValueError:  # the file is shorter by now
            raise errors.is_changing(path) from None
    train, selection = np.split(np.frombuffer(mapping, "<u8", total, first), [counts[0]])
    return None if form == _OLD_FORM else TextFingerprints(train, selection, complete=form == _FORMS[True])


def _counts(path: os.PathLike[str], file: RegularFile) -> tuple[str, tuple[int, int]]:
    """Read the form and the counts off the header, which must be the very one that is written for them."""
    start = file.read(8)
    length = int.from_bytes(start, "little")
    if file.size < 8 or length > min(_LONGEST_HEADER, file.size - 8):
        raise errors.wrong_content(path, _FORM, f"a header of {length:,} bytes in a file of {file.size:,}")
    found = start + file.read(length)
    try:
        entries: Any = strict_json.parse(found[8:])
        form = next((form for form in _FORMS.values() if f"train{form}" in entries), _OLD_FORM)
        train, selection = (entries[name + form]["shape"][0] for name in _NAMES)
    except (ValueError, TypeError, LookupError):
        raise errors.wrong_content(path, _FORM, "another header") from None
    if not all(type(count) is int and 0 <= count <= LARGEST for count in (train, selection)):
        raise errors.wrong_content(path, _FORM, "a header with impossible counts")
    if found != header({f"train{form}": _like(train), f"selection{form}": _like(selection)}):
        raise errors.wrong_content(path, _FORM, "another header")
    return form, (train, selection)


def _like(count: int) -> Fingerprints:
    """Return as many zeros as there are fingerprints, in the memory of one."""
    return np.broadcast_to(np.uint64(0), (count,))


def _reject_unsorted(path: os.PathLike[str], file: RegularFile, count: int) -> None:
    """Read an array piece by piece; FolderError unless each fingerprint is larger than the one before."""
    piece, before = np.empty(min(count, _PIECE), "<u8"), -1
    for start in range(0, count, _PIECE):
        piece = piece[: count - start]
        if file.readinto(piece.data) != piece.nbytes:
            raise errors.is_changing(path)
        if int(piece[0]) <= before or (piece[1:] <= piece[:-1]).any():
            raise errors.wrong_content(path, _FORM, "fingerprints out of order")
        before = int(piece[-1])
