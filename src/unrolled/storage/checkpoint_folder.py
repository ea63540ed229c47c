"""The state of an unfinished run ↔ a folder of JSON and safetensors: no pickle, and written whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from unrolled.arrays import AnyArray
from unrolled.errors import FolderError
from unrolled.errors import checkpoint as errors
from unrolled.storage import strict_json
from unrolled.storage.atomic_folder import current, remove_folder, write_folder
from unrolled.storage.differences import diff
from unrolled.storage.regular_file import FileRecord, opened
from unrolled.storage.tensors import header

Arrays: TypeAlias = Mapping[str, AnyArray]
Json: TypeAlias = Mapping[str, Any]

FORMAT_VERSION = 1
KEYS = ("format_version", "run", "computed_with", "position", "arrays_sha256", "sha256")  # the last is of the others
POSITION, ARRAYS = "checkpoint.json", "arrays.safetensors"
LARGEST_POSITION = 1_000_000_000  # bytes: evaluations of millions of epochs


class CheckpointFolder:
    """Keeps the states of one run, each in place of the one before; `run` tells it from other runs."""

    def __init__(self, folder: Path, run: Json, computed_with: Json) -> None:
        """Take the folder's name, what must be the same when the run goes on, and what should be."""
        self.folder, self.run, self.computed_with = folder, run, computed_with

    def save(self, position: Json, arrays: Arrays) -> None:
        """Write a state; FolderError leaves the one before as it is, also for what `load` wouldn't read."""
        if infinite := _not_finite(arrays):
            raise errors.not_finite(self.folder, infinite)
        pieces = [memoryview(header(arrays)), *map(_bytes, arrays.values())]
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
        values = (FORMAT_VERSION, self.run, self.computed_with, position, digest.hexdigest())
        content = dict(zip(KEYS, values, strict=False))
        content["sha256"] = strict_json.sha256(content)
        data = strict_json.to_bytes(content)
        if len(data) > LARGEST_POSITION:
            raise errors.too_large(self.folder / POSITION, len(data), LARGEST_POSITION)
        write_folder(self.folder, {POSITION: data, ARRAYS: pieces}, force=True, record=record)

    def load(self, like: Arrays) -> tuple[Json, Arrays] | None:
        """Read the state back, its arrays of these names, shapes and dtypes; FolderError where it isn't this run's."""
        folder = current(self.folder)
        if not folder.is_dir() or not any(folder.iterdir()):
            return None
        content = _checked(folder)
        if different := diff(content["run"], self.run):
            raise errors.of_other_run(folder, different)
        with _report_damage(folder):
            return content["position"], _read(folder, like, content["arrays_sha256"])

    def clear(self) -> None:
        """Delete the state of this run, and what was left next to it; nothing that is another's."""
        folder = current(self.folder)
        if folder.is_dir() and any(folder.iterdir()):
            try:
                if _checked(folder)["run"] != self.run:
                    return
            except FolderError:
                return
        remove(self.folder)

    def changed_environment(self) -> list[str]:
        """Describe what differs from when the state was saved, so that the last bits may differ."""
        return diff(_checked(current(self.folder))["computed_with"], self.computed_with)


def record(folder: Path) -> dict[str, FileRecord | None]:
    """Read what a state of any version tells of its files: None of itself, which is checked here; or FolderError."""
    with _report_damage(folder):
        content = strict_json.read_object(folder / POSITION, max_bytes=LARGEST_POSITION)
    if content.pop("sha256", None) != strict_json.sha256(content):
        raise errors.damaged(folder, f"{POSITION} with another checksum")
    arrays = folder / ARRAYS
    return {
        POSITION: None,
        ARRAYS: FileRecord(arrays.stat().st_size if arrays.is_file() else 0, str(content.get("arrays_sha256"))),
    }


def remove(folder: Path) -> None:
    """Delete the state of any run, if it is there as it was left, and what killed writes left; raises FolderError."""
    remove_folder(folder, record, (POSITION, ARRAYS))


def _checked(folder: Path) -> dict[str, Any]:
    with _report_damage(folder):
        content: dict[str, Any] = strict_json.read_object(folder / POSITION, max_bytes=LARGEST_POSITION)
    if content.get("format_version", FORMAT_VERSION) != FORMAT_VERSION:
        raise errors.other_version(folder, content["format_version"], FORMAT_VERSION)
    if tuple(content) != KEYS:
        raise errors.damaged(folder, f"another form of {POSITION}")
    if content.pop("sha256") != strict_json.sha256(content):
        raise errors.damaged(folder, f"{POSITION} with another checksum")
    if not all(isinstance(content[key], dict) for key in ("run", "computed_with", "position")):
        raise errors.damaged(folder, f"another form of {POSITION}")
    return content


@contextmanager
def _report_damage(folder: Path) -> Iterator[None]:
    """Report a damaged file as a damaged checkpoint: the advice for a model's would mislead."""
    try:
        yield
    except FolderError as error:
        raise errors.damaged(folder, f"{error.problem} ({error.where})") from error


def _bytes(array: AnyArray) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _read(folder: Path, like: Arrays, sha256: object) -> dict[str, AnyArray]:
    """Read arrays of these forms: the very header that was written tells them."""
    expected = header(like)
    arrays = {name: np.empty(array.shape, array.dtype) for name, array in like.items()}
    size = len(expected) + sum(array.nbytes for array in arrays.values())
    with opened(folder / ARRAYS, at_most=size) as file:
        digest, found = hashlib.sha256(), file.read(len(expected))
        digest.update(found)
        for array in arrays.values():
            file.readinto(_bytes(array))
            digest.update(_bytes(array))
        if found != expected or file.size != size:
            raise errors.damaged(folder, f"{ARRAYS} with other arrays")
    if digest.hexdigest() != sha256:
        raise errors.damaged(folder, f"{ARRAYS} with another checksum")
    if infinite := _not_finite(arrays):
        raise errors.not_finite(folder, infinite)
    return arrays


def _not_finite(arrays: Arrays) -> str | None:
    """Name the first array with a NaN or an infinity in it."""
    return next((name for name, array in arrays.items() if not np.isfinite(array).all()), None)
