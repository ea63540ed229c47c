"""Files of safetensors, hostile, mutated, or cut while they are read → a FolderError of one line, in little memory."""

from __future__ import annotations

import os
import random
import re
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from tests.storage.test_tensors import SHAPES, TWO, VALID, A, B, entry, file_of, read
from unrolled.errors import FolderError
from unrolled.storage import tensors

HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "a header of 0 bytes"),
    "seven bytes": (bytes(7), "a header of 0 bytes"),
    "no header": (bytes(8), "an error"),
    "header of 2^64 - 1 bytes": (b"\xff" * 8 + bytes(50), "a header of 18,446,744,073,709,551,615 bytes"),
    "header longer than the file": (struct.pack("<Q", 100) + b"{}", "a header of 100 bytes"),
    "header above the limit": (file_of(b"{}" + b" " * 1_000_267), "at most 1,000,316 bytes, got 1,000,317"),
    "header of junk": (file_of(b"\xff\xfe"), "an error"),
    "header a list": (file_of([]), "isn't a JSON object"),
    "deep header": (file_of(b'{"a":' + b"[" * 200_000), "nested too deeply"),
    "deep metadata": (file_of(b'{"__metadata__":' + b'{"a":' * 100_000), "nested too deeply"),
    "doubled tensor": (file_of(b'{"a": 1, "b": 2, "a": 3}'), "the key 'a' twice"),
    "doubled shape": (
        file_of(b'{"b":{"dtype":"F32","shape":[9],"shape":[2,3],"data_offsets":[0,24]}}'),
        "the key 'shape' twice",
    ),
    "shape NaN": (file_of(b'{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,16]}}'), "the number NaN"),
    "missing tensor": (file_of({"a": A}), r"tensor 'b': expected shape \[2, 3\], got no such tensor"),
    "extra tensor": (file_of({"a": A, "b": B, "c": entry([0], 40, 40)}), "tensor 'c': expected no such tensor"),
    "entry no object": (file_of({"a": A, "b": [2, 3]}), "tensor 'b'"),
    "entry without offsets": (file_of({"a": A, "b": {"dtype": "F32", "shape": [2, 3]}}), "tensor 'b'"),
    "entry with more": (file_of({"a": A, "b": {**B, "path": "/etc/passwd"}}), "tensor 'b'"),
    "F16": (file_of({"a": A, "b": entry([2, 3], 16, 28, "F16")}), "tensor 'b': expected dtype 'F32', got dtype 'F16'"),
    "I32": (file_of({"a": A, "b": entry([2, 3], 16, 40, "I32")}), "tensor 'b': expected dtype 'F32'"),
    "dtype a list": (file_of({"a": A, "b": entry([2, 3], 16, 40, ["F32"])}), "tensor 'b': expected dtype 'F32'"),
    "transposed": (file_of({"a": A, "b": entry([3, 2], 16, 40)}), r"'b': expected shape \[2, 3\], got shape \[3, 2\]"),
    "flat": (file_of({"a": A, "b": entry([6], 16, 40)}), r"'b': expected shape \[2, 3\], got shape \[6\]"),
    "shape 2^40": (file_of({"a": A, "b": entry([2**40], 16, 16 + 2**42)}), r"got shape \[1099511627776\]"),
    "shape [0, 2^60]": (file_of({"a": A, "b": entry([0, 2**60], 16, 16)}), r"got shape \[0, "),
    "shape that overflows": (file_of({"a": A, "b": entry([2**33, 2**33], 16, 16)}), "got shape"),
    "shape of 4,000 digits": (file_of({"a": A, "b": entry([10**4_000], 16, 16)}), "got shape"),
    "shape of 5,000 digits": (
        file_of(b'{"a": [' + b"9" * 5_000 + b"]}"),
        "a whole number of 5,000 digits\\. The folder",
    ),
    "negative shape": (file_of({"a": A, "b": entry([-2, -3], 16, 40)}), r"got shape \[-2, -3\]"),
    "shape of floats": (file_of({"a": A, "b": entry([2.0, 3], 16, 40)}), r"got shape \[2.0, 3\]"),
    "shape no list": (file_of({"a": A, "b": entry("23", 16, 40)}), "got shape 23"),
    "long shape": (file_of({"a": A, "b": entry([1] * 100_000, 16, 40)}), "got shape"),
    "overlap": (file_of({"a": A, "b": entry([2, 3], 12, 36)}), "overlap of tensors at byte 12"),
    "same place": (file_of({"a": A, "b": entry([2, 3], 0, 24)}), "overlap"),
    "hole": (file_of({"a": A, "b": entry([2, 3], 20, 44)}, bytes(44)), "a hole .* at byte 16"),
    "hole at the start": (file_of({"a": entry([4], 4, 20), "b": entry([2, 3], 20, 44)}, bytes(44)), "hole"),
    "offsets negative": (file_of({"a": entry([4], -16, 0), "b": entry([2, 3], 0, 24)}), "hole"),
    "offsets backwards": (file_of({"a": A, "b": entry([2, 3], 40, 16)}), "data_offsets that don't fit"),
    "offsets that don't fit": (file_of({"a": A, "b": entry([2, 3], 16, 41)}), "data_offsets that don't fit"),
    "offsets of floats": (file_of({"a": A, "b": entry([2, 3], 16.0, 40)}), "data_offsets that don't fit"),
    "three offsets": (file_of({"a": A, "b": {**B, "data_offsets": [16, 40, 0]}}), "data_offsets that don't fit"),
    "no offset": (file_of({"a": A, "b": {**B, "data_offsets": []}}), "data_offsets that don't fit"),
    "data cut": (file_of({"a": A, "b": B}, bytes(39)), "bytes, got"),
    "no data": (file_of({"a": A, "b": B}, b""), "bytes, got"),
    "bytes after the end": (file_of({"a": A, "b": B}, bytes(41)), "bytes, got"),
    "NaN": (file_of({"a": A, "b": B}, bytes(36) + b"\x00\x00\xc0\x7f"), "tensor 'b': expected finite numbers"),
    "infinity": (file_of({"a": A, "b": B}, b"\x00\x00\x80\xff" + bytes(36)), "tensor 'a': expected finite numbers"),
}


@pytest.mark.parametrize(("content", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_one_line(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "model.safetensors"
    with pytest.raises(FolderError, match=problem) as caught:
        read(path, content, TWO)
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < len(str(path)) + 450


def test_the_file_that_the_hostile_ones_are_made_from_is_read(tmp_path: Path) -> None:
    assert {name: array.shape for name, array in read(tmp_path / "m", file_of({"a": A, "b": B}), TWO).items()} == TWO


def test_names_from_a_file_are_cut_and_escaped_in_the_message(tmp_path: Path) -> None:
    name = "\x1b[2J\n\u202e" + "x" * 10_000
    with pytest.raises(FolderError) as caught:
        read(tmp_path / "m", file_of({"a": A, "b": B, name: entry([0], 40, 40)}), TWO)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


def test_a_huge_expectation_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    rows = 2**40
    size = 4 * rows
    with pytest.raises(FolderError, match=r"1,099,511,627,776 weights.* at most 17,179,869,184"):
        read(tmp_path / "m", file_of({"a": entry([rows], 0, size)}, b""), {"a": (rows,)})
    with pytest.raises(FolderError, match="bytes, got"):
        read(tmp_path / "m", file_of({"a": entry([2**34], 0, 2**36)}, b""), {"a": (2**34,)})


def test_refusing_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(file_of({"a": A, "b": entry([2**26], 16, 16 + 2**28)}))
    os.truncate(path, 2**30)
    tracemalloc.start()
    with pytest.raises(FolderError):
        tensors.read(path, TWO)
    _, peak = tracemalloc.get_traced_memory()
    assert peak < 1_000_000
    path.write_bytes(file_of(b'{"a":[' + b"[]," * 333_000 + b"[]]}"))  # the worst header within the limit
    tracemalloc.reset_peak()
    with pytest.raises(FolderError):
        tensors.read(path, TWO)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


def test_only_a_regular_file_is_read_and_nothing_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(VALID)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in [*(tmp_path / name for name in ("link", "folder", "pipe", "missing")), Path("/dev/zero")]:
        with pytest.raises(FolderError) as caught:
            tensors.read(path, SHAPES)
        assert caught.value.where == str(path)
        assert re.search("not a regular file|can't read", caught.value.problem)


@pytest.mark.parametrize("moment", ["_pieces", "_mapped"])
def test_a_file_that_becomes_shorter_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path, real = tmp_path / "model.safetensors", getattr(tensors, moment)

    def shortened(*given: Any) -> Any:
        os.truncate(path, len(VALID) - 1)
        return real(*given)

    monkeypatch.setattr(tensors, moment, shortened)
    with pytest.raises(FolderError, match="another process is writing"):
        read(path, VALID)


@pytest.mark.parametrize("place", [0, 65_535, 65_536, 199_999])
def test_a_number_that_is_not_finite_is_found_wherever_it_is(tmp_path: Path, place: int) -> None:
    first, second = np.zeros(100_000, "f4"), np.zeros((500, 200), "f4")
    (first if place < 100_000 else second.reshape(-1))[place % 100_000] = np.nan
    with pytest.raises(FolderError, match=f"tensor '{'a' if place < 100_000 else 'b'}': expected finite"):
        read(tmp_path / "m", tensors.to_bytes({"a": first, "b": second}), {"a": (100_000,), "b": (500, 200)})


REPLACED = [(b"3", b"9"), (b"F32", b"I32"), (b"0", b"-1"), (b"[", b"[["), (b"12", b"1e9"), (b"bias", b"weight")]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Make one to three changes: a bit, a byte, a cut, a piece doubled or dropped, a piece of JSON replaced."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        last = chance.choice([len(changed), min(len(changed), 160)])  # anywhere, or in the header
        place, end = sorted((chance.randrange(last + 1), chance.randrange(last + 1)))
        match chance.randrange(6):
            case 0 if place < len(changed):
                changed[place] ^= 1 << chance.randrange(8)
            case 1 if place < len(changed):
                changed[place] = chance.randrange(256)
            case 2:
                del changed[place:]
            case 3:
                changed[place:place] = changed[place:end]
            case 4:
                del changed[place : place + chance.randrange(5)]
            case _:
                changed[:] = changed.replace(*chance.choice(REPLACED), 1)
    return bytes(changed)


def test_a_thousand_mutations_are_refused_or_read_as_safetensors_reads_them(tmp_path: Path) -> None:
    chance = random.Random(0)
    shapes: dict[str, tuple[int, ...]] = {"bias": (3,), "weight": (20, 30)}
    valid = tensors.to_bytes({name: np.ones(shape) for name, shape in shapes.items()})
    read_again = refused = 0
    for _ in range(1_000):
        content = mutated(valid, chance)
        try:
            back = read(tmp_path / "m", content, shapes)
        except FolderError:
            refused += 1
            continue
        theirs = safetensors.numpy.load(content)
        assert {name: array.shape for name, array in back.items()} == shapes
        assert all(np.isfinite(array).all() and np.array_equal(array, theirs[name]) for name, array in back.items())
        read_again += 1
    assert refused > 500
    assert read_again > 50
