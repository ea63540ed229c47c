"""The state of an unfinished run ↔ a folder of JSON and safetensors: no pickle, and written whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from unrolled.errors import FolderError
from unrolled.errors import checkpoint as errors
from unrolled.runtime import strict_json
from unrolled.runtime.differences import differences
from unrolled.runtime.regular_file import opened
from unrolled.runtime.whole_folder import whole, write_folder

Arrays: TypeAlias = Mapping[str, np.ndarray[Any, Any]]
Json: TypeAlias = Mapping[str, Any]

FORMAT_VERSION = 1
KEYS = ("format_version", "run", "computed_with", "position", "arrays_sha256", "sha256")  # the last is of the others
POSITION, ARRAYS = "checkpoint.json", "arrays.safetensors"
_HEADER = 1_000_000  # bytes that names, shapes and dtypes take at most
_DTYPES = {"float32": "F32", "float64": "F64"}


class CheckpointFolder:
    """Keeps the states of one run, each in place of the one before; `run` tells it from other runs."""

    def __init__(self, folder: Path, run: Json, computed_with: Json) -> None:
        """Take the folder's name, what must be the same when the run goes on, and what should be."""
        self.folder, self.run, self.computed_with = folder, run, computed_with

    def keep(self, position: Json, arrays: Arrays) -> None:
        """Write a state; FolderError leaves the one before as it is."""
        pieces = [memoryview(_header(arrays)), *map(_bytes, arrays.values())]
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
        values = (FORMAT_VERSION, self.run, self.computed_with, position, digest.hexdigest())
        content = dict(zip(KEYS, values, strict=False))
        content["sha256"] = strict_json.sha256(content)
        write_folder(self.folder, {ARRAYS: pieces, POSITION: strict_json.to_bytes(content)}, force=True)

    def kept(self, like: Arrays) -> tuple[Json, Arrays] | None:
        """Read the state back, its arrays of these names, shapes and dtypes; FolderError where it isn't this run's."""
        folder = whole(self.folder)
        if not folder.is_dir() or not any(folder.iterdir()):
            return None
        content = _checked(folder)
        if different := differences(content["run"], self.run):
            raise errors.of_another_run(folder, different)
        with _damage_told(folder):
            return content["position"], _read(folder, like, content["arrays_sha256"])

    def computes_otherwise(self) -> list[str]:
        """Tell what is no longer as it was when the state was kept, so that the last bits may come out otherwise."""
        return differences(_checked(whole(self.folder))["computed_with"], self.computed_with)


def _checked(folder: Path) -> dict[str, Any]:
    with _damage_told(folder):
        content: dict[str, Any] = strict_json.read_object(folder / POSITION)
    if tuple(content) != KEYS or content["format_version"] != FORMAT_VERSION:
        raise errors.damaged(folder, f"another form of {POSITION}")
    if content.pop("sha256") != strict_json.sha256(content):
        raise errors.damaged(folder, f"{POSITION} with another checksum")
    if not all(isinstance(content[key], dict) for key in ("run", "computed_with", "position")):
        raise errors.damaged(folder, f"another form of {POSITION}")
    return content


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    """Tell what is wrong with a file as damage of the checkpoint: what to do about a model's would mislead."""
    try:
        yield
    except FolderError as error:
        raise errors.damaged(folder, f"{error.received} ({error.where})") from error


def _header(arrays: Arrays) -> bytes:
    """Write the head of a safetensors file: its length, and the place of every array."""
    entries, start = {}, 0
    for name, array in arrays.items():
        offsets = [start, start + array.nbytes]
        entries[name] = {"dtype": _DTYPES[array.dtype.name], "shape": list(array.shape), "data_offsets": offsets}
        start = offsets[1]
    told = json.dumps(entries).encode()
    told += b" " * (-len(told) % 8)
    return len(told).to_bytes(8, "little") + told


def _bytes(array: np.ndarray[Any, Any]) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _read(folder: Path, like: Arrays, sha256: object) -> Arrays:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    with opened(folder / ARRAYS, at_most=_HEADER + sum(array.nbytes for array in like.values())) as file:
        content = file.read(file.size)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise errors.damaged(folder, f"{ARRAYS} with another checksum")
    try:
        arrays = load(content)
    except SafetensorError as error:
        raise errors.damaged(folder, f"{ARRAYS} with an error: {error}") from error
    if _forms(arrays) != _forms(like):
        raise errors.damaged(folder, f"{ARRAYS} with other arrays")
    return arrays


def _forms(arrays: Arrays) -> dict[str, tuple[tuple[int, ...], str]]:
    return {name: (array.shape, array.dtype.name) for name, array in arrays.items()}
