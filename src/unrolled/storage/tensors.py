"""Names → float32 arrays, as the bytes of a safetensors file; and back as views of the file, which is mapped.

Of a mapped file only what is used takes memory, and processes share it. `write_folder` exchanges whole folders and
never writes into a file that is there, so a mapping goes on showing the file that was read. Whoever shortens that very
file by other means ends the process that has it mapped: don't copy new weights over those of a folder in use.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from mmap import ACCESS_READ, mmap
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Float32Array
from unrolled.errors import folder as errors
from unrolled.storage import strict_json
from unrolled.storage.regular_file import RegularFile, opened

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]

_LENGTH = 8  # a safetensors file: the header's length in 8 bytes, the header, the numbers
_MORE = 1_000_000  # bytes of a header beyond what we write: another writer's metadata and white space
_FORM = "a safetensors file"
LARGEST = 2**34  # numbers, 64 GiB: whatever settings ask for, no more is read
_PIECE = 65_536  # numbers that are looked at together
_DTYPES = {"float32": "F32", "float64": "F64", "uint64": "U64"}


def to_bytes(tensors: Mapping[str, NDArray[Any]]) -> bytes:
    """Write arrays as safetensors in float32: the same bytes for the same arrays, in whatever order.

    Raises:
        FolderError: they are more than `read` reads.
    """
    from safetensors.numpy import save

    count = sum(array.size for array in tensors.values())
    if count > LARGEST:
        raise errors.too_many_weights(count, LARGEST)
    return save({name: np.asarray(array, dtype=np.float32, order="C") for name, array in tensors.items()})


def header(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write the head of a safetensors file: its length, and the place of every array."""
    entries, start = {}, 0
    for name, array in arrays.items():
        offsets = [start, start + array.nbytes]
        entries[name] = {"dtype": _DTYPES[array.dtype.name], "shape": list(array.shape), "data_offsets": offsets}
        start = offsets[1]
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def read(path: os.PathLike[str], expected: Shapes) -> dict[str, Float32Array]:
    """Map exactly the tensors that are expected, all finite, read-only; FolderError names the first that is wrong."""
    count = sum(map(math.prod, expected.values()))
    if count > LARGEST:
        raise errors.too_large(path, count, LARGEST)
    longest = _longest_header(expected)
    with opened(path, at_most=_LENGTH + longest + 4 * count) as file:
        header = _header(path, file, longest)
        _check_names(path, header, expected)
        starts = _starts(path, header, expected)
        first = file.place
        if file.size != first + 4 * count:
            raise errors.wrong_size(path, f"{first + 4 * count:,} bytes", file.size)
        for name in sorted(starts, key=starts.__getitem__):
            if not all(np.isfinite(piece).all() for piece in _pieces(path, file, math.prod(expected[name]))):
                raise errors.not_finite(path, name)
        numbers = _mapped(path, file, first, count)
    return {
        name: numbers[start : start + math.prod(expected[name])].reshape(expected[name])
        for name, start in starts.items()
    }


def _pieces(path: os.PathLike[str], file: RegularFile, count: int) -> Iterator[Float32Array]:
    """Read numbers piece by piece, not from the mapping: what was looked at there would all stay resident."""
    piece = np.empty(min(count, _PIECE), "<f4")
    for start in range(0, count, _PIECE):
        piece = piece[: count - start]
        if file.readinto(piece.data) != piece.nbytes:
            raise errors.is_changing(path)
        yield piece


def _mapped(path: os.PathLike[str], file: RegularFile, first: int, count: int) -> Float32Array:
    try:
        mapping = mmap(file.file.fileno(), first + 4 * count, access=ACCESS_READ)
    except ValueError:  # the file is shorter by now
        raise errors.is_changing(path) from None
    # Another writer's header may leave the numbers off a multiple of 4, where the kernels can't read: then a copy.
    numbers = np.require(np.frombuffer(mapping, "<f4", count, first), np.float32, "A")
    numbers.flags.writeable = False
    return numbers


def _longest_header(expected: Shapes) -> int:
    """Count the bytes that suffice for the header of these tensors: 100 for each, its name, and 20 a dimension."""
    return _MORE + sum(100 + len(strict_json.to_bytes(name)) + 20 * len(shape) for name, shape in expected.items())


def _header(path: os.PathLike[str], file: RegularFile, longest: int) -> dict[str, Any]:
    length = int.from_bytes(file.read(_LENGTH), "little")
    if file.size < _LENGTH or length > min(longest, file.size - _LENGTH):
        raise errors.wrong_content(path, _FORM, f"a header of {length:,} bytes in a file of {file.size:,}")
    try:
        header = strict_json.parse(file.read(length))
    except ValueError as error:
        raise errors.wrong_content(path, _FORM, f"a header with an error: {error}") from error
    if not isinstance(header, dict):
        raise errors.wrong_content(path, _FORM, "a header that isn't a JSON object")
    header.pop("__metadata__", None)
    return header


def _check_names(path: os.PathLike[str], header: Mapping[str, object], expected: Shapes) -> None:
    for name, shape in expected.items():
        if name not in header:
            raise errors.missing_tensor(path, name, shape)
    for name in header:
        if name not in expected:
            raise errors.extra_tensor(path, name)


def _starts(path: os.PathLike[str], header: Mapping[str, Any], expected: Shapes) -> dict[str, int]:
    """Check every entry of the header against its shape → where each tensor starts, counted in numbers."""
    for name, shape in expected.items():
        _check_entry(path, name, header[name], shape)
    end = 0
    for start, stop in sorted(header[name]["data_offsets"] for name in expected):
        if start != end:
            raise errors.wrong_content(path, _FORM, f"a hole or an overlap of tensors at byte {min(start, end):,}")
        end = stop
    return {name: header[name]["data_offsets"][0] // 4 for name in expected}


def _check_entry(path: os.PathLike[str], name: str, entry: object, shape: tuple[int, ...]) -> None:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise errors.wrong_content(path, _FORM, f"no dtype, shape and data_offsets for tensor {name!r}")
    if entry["dtype"] != "F32":
        raise errors.wrong_dtype(path, name, entry["dtype"])
    if not _are_integers(entry["shape"]) or tuple(entry["shape"]) != shape:
        raise errors.wrong_shape(path, name, shape, entry["shape"])
    offsets = entry["data_offsets"]
    if not _are_integers(offsets) or len(offsets) != 2 or offsets[1] - offsets[0] != 4 * math.prod(shape):
        raise errors.wrong_content(path, _FORM, f"data_offsets that don't fit the shape of tensor {name!r}")


def _are_integers(value: object) -> bool:
    return isinstance(value, list) and all(type(item) is int for item in value)  # bool is an int to isinstance
