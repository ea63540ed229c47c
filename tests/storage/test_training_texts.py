"""Fingerprints ↔ a file that safetensors reads too; whatever isn't what we write is refused, in little memory."""

from __future__ import annotations

import json
import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load

from unrolled.errors import DataError, FolderError
from unrolled.storage import training_texts
from unrolled.storage.training_texts import read, to_bytes
from unrolled.text.fingerprints import TextFingerprints

CHANCE = np.random.default_rng(0)
KNOWN = TextFingerprints.of(CHANCE.integers(0, 2**64, 70_000, np.uint64), CHANCE.integers(0, 2**64, 300, np.uint64))
SMALL = TextFingerprints.of(np.array([1, 2**64 - 1], np.uint64), np.array([7], np.uint64))
TRAIN = "train_of_letters"
NONE = TextFingerprints.of(np.array([], np.uint64), np.array([], np.uint64))


@pytest.mark.parametrize("known", [KNOWN, SMALL, NONE], ids=["many", "few", "none"])
def test_what_is_read_is_what_was_written(known: TextFingerprints, tmp_path: Path) -> None:
    content = to_bytes(known)
    (tmp_path / "f").write_bytes(content)
    found = read(tmp_path / "f")
    assert found
    assert len(content) < 8 * sum(known.counts.values()) + 200
    for name, array in load(content).items():
        own = name.removesuffix("_of_letters")
        np.testing.assert_array_equal(array, getattr(known, own))
        np.testing.assert_array_equal(array, getattr(found, own))
        assert not getattr(found, own).flags.writeable
    assert to_bytes(found) == content


def test_fingerprints_of_an_older_form_are_none(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(renamed(to_bytes(SMALL)))
    assert read(tmp_path / "f") is None


def header(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        length = struct.unpack("<Q", content[:8])[0]
        told = change(json.loads(content[8 : 8 + length]))
        text = told if isinstance(told, bytes) else json.dumps(told).encode()
        text += b" " * (-len(text) % 8)
        return struct.pack("<Q", len(text)) + text + content[8 + length :]

    return changed


def renamed(content: bytes) -> bytes:
    """Write the names as before 2026-12: the header is padded to the same form that `to_bytes` writes."""
    length = struct.unpack("<Q", content[:8])[0]
    text = content[8 : 8 + length].replace(b"_of_letters", b"").rstrip()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + content[8 + length :]


def entry(**values: object) -> Callable[[bytes], bytes]:
    return header(lambda told: {**told, TRAIN: {**told[TRAIN], **values}})


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut": lambda content: content[:-1],
    "prolonged": lambda content: content + bytes(8),
    "a pickle": lambda content: b"cos\nsystem\n(S'true'\ntR." * 30,
    "a header of 2^64 - 1 bytes": lambda content: b"\xff" * 8 + content[8:],
    "a header of zeros": lambda content: bytes(8) + content[8:],
    "out of order": lambda content: content[:-24] + content[-16:-8] + content[-24:-16] + content[-8:],
    "doubled": lambda content: content[:-24] + content[-24:-16] * 2 + content[-8:],
    "one more tensor": header(lambda told: {**told, "texts": told[TRAIN]}),
    "metadata": header(lambda told: {**told, "__metadata__": {"a": "b"}}),
    "one tensor": header(lambda told: {TRAIN: told[TRAIN]}),
    "a list": header(lambda told: [told]),
    "a list of pairs": header(lambda told: list(told.items())),
    "depth": header(lambda told: b'{"train":' + b"[" * 900),
    "32 bits": entry(dtype="F32"),
    "shape 2^60": entry(shape=[2**60]),
    "shape -1": entry(shape=[-1]),
    "shape true": entry(shape=[True]),
    "shape 2.0": entry(shape=[2.0]),
    "a matrix": entry(shape=[2, 1]),
    "no shape": entry(shape=[]),
    "offsets elsewhere": entry(data_offsets=[8, 24]),
    "the other order": header(lambda told: dict(reversed(told.items()))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_else_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(HOSTILE[name](to_bytes(SMALL)))
    tracemalloc.start()
    try:
        with pytest.raises(FolderError) as raised:
            read(tmp_path / "f")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert str(raised.value).startswith(f"{tmp_path}/f: expected ")


def test_a_file_of_terabytes_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(to_bytes(SMALL))
    os.truncate(tmp_path / "f", 2**42)
    with pytest.raises(FolderError, match="at most"):
        read(tmp_path / "f")


def test_more_than_are_read_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_texts, "LARGEST", 2)
    with pytest.raises(DataError, match="--no-fingerprints"):
        to_bytes(SMALL)


def test_what_is_read_takes_no_memory_for_itself(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(to_bytes(TextFingerprints(np.arange(1_000_000, dtype=np.uint64), SMALL.selection)))
    tracemalloc.start()
    try:
        found = read(tmp_path / "f")
        assert found
        assert found.in_training(np.array([5, 10**7], np.uint64)).tolist() == [True, False]
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
