"""What can be done to a file of a model folder → a change, to be applied to a folder."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from tests.folders.valid import CONFIG, WEIGHTS, seal, write_valid
from unrolled.storage.manifest import MANIFEST

PICKLE = b"cos\nsystem\n(S'touch run-by-pickle'\ntR."
Change = Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """A change to a folder of a kind, what the error says of it, and the bytes that refusing it may take."""

    change: Change
    told: str | None
    kind: str = "cnn"
    with_checksum: bool = True
    memory: int = 3_000_000

    def write(self, folder: Path) -> Path:
        """Make the hostile folder."""
        write_valid(folder, self.kind)
        self.change(folder)
        if self.with_checksum:
            seal(folder)
        return folder


def edited(name: str, old: bytes, new: bytes) -> Change:
    def change(folder: Path) -> None:
        content = (folder / name).read_bytes()
        assert old in content, (name, old)
        (folder / name).write_bytes(content.replace(old, new, 1))

    return change


def written(name: str, content: bytes) -> Change:
    return lambda folder: (folder / name).write_bytes(content)


def config(section: str | None = None, **values: Any) -> Change:
    def change(folder: Path) -> None:
        content = json.loads((folder / CONFIG).read_bytes())
        (content[section] if section else content).update(values)
        (folder / CONFIG).write_text(json.dumps(content))

    return change


def resized(name: str, size: int) -> Change:
    """Make a sparse file: all zeros, and no room on the disk."""
    return lambda folder: os.truncate(folder / name, size)


def with_labels(content: bytes) -> Change:
    return edited(CONFIG, b'[\n    "bad",\n    "good",\n    "mixed"\n  ]', content)


def tensors(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    def changed(folder: Path) -> None:
        arrays = change(safetensors.numpy.load((folder / WEIGHTS).read_bytes()))
        kept = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        (folder / WEIGHTS).write_bytes(safetensors.numpy.save(kept))

    return changed


def header(change: Callable[[dict[str, Any]], object]) -> Change:
    def changed(folder: Path) -> None:
        content = (folder / WEIGHTS).read_bytes()
        length = struct.unpack("<Q", content[:8])[0]
        told = change(json.loads(content[8 : 8 + length]))
        text = told if isinstance(told, bytes) else json.dumps(told).encode()
        (folder / WEIGHTS).write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length :])

    return changed


def entry(name: str, **values: Any) -> Change:
    return header(lambda told: {**told, name: {**told[name], **values}})


def manifest(change: Callable[[dict[str, Any]], object]) -> Change:
    def changed(folder: Path) -> None:
        content = change(json.loads((folder / MANIFEST).read_bytes()))
        (folder / MANIFEST).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())

    return changed


def manifest_entry(**values: Any) -> Change:
    return manifest(
        lambda m: {**m, "files": {**m["files"], WEIGHTS: {**m["files"][WEIGHTS], **values}}}  # its other keys stay
    )


def linked(name: str, target: str | None = None) -> Change:
    def change(folder: Path) -> None:
        aside = folder.parent / f"{folder.name}.{name}"
        (folder / name).rename(aside)
        (folder / name).symlink_to(target or aside)

    return change


def hard_linked(name: str) -> Change:
    return lambda folder: os.link(folder / name, folder.parent / f"{folder.name}.{name}")


def instead(name: str, make: Callable[[Path], object]) -> Change:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return change


def make_socket(path: Path) -> None:
    former = Path.cwd()
    os.chdir(path.parent)  # a socket's path may have some hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(former)


def of_another(name: str, kind: str) -> Change:
    def change(folder: Path) -> None:
        other = write_valid(folder.parent / f"{folder.name}.other", kind)
        shutil.copyfile(other / name, folder / name)

    return change


def only(name: str, content: bytes) -> Change:
    def change(folder: Path) -> None:
        for path in folder.iterdir():
            path.unlink()
        (folder / name).write_bytes(content)

    return change


def gone(name: str) -> Change:
    """Delete a file."""
    return lambda folder: (folder / name).unlink()


def cut(name: str) -> Change:
    """Take the last byte away."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-1])


def prolonged(name: str) -> Change:
    """Add a line's end, which JSON doesn't mind."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b"\n")


def flipped(name: str) -> Change:
    def change(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)

    return change


def add_bom(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
