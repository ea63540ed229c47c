"""Arrays and files of safetensors, legal and hostile → the same arrays, or a FolderError of one line."""

from __future__ import annotations

import json
import os
import random
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from unrolled.errors import FolderError
from unrolled.runtime import tensors

SHAPES: dict[str, tuple[int, ...]] = {"bias": (3,), "empty": (0, 4), "one": (), "weight": (2, 3)}
ARRAYS = {name: np.arange(np.prod(shape), dtype=np.float32).reshape(shape) for name, shape in SHAPES.items()}
VALID = tensors.to_bytes(ARRAYS)


def entry(shape: object, begin: object, end: object, dtype: object = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def file_of(header: object, data: bytes = bytes(40)) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def resident() -> int:
    """Count the bytes of this process that are in memory."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def read(path: Path, content: bytes, shapes: dict[str, tuple[int, ...]] = SHAPES) -> dict[str, Any]:
    path.write_bytes(content)
    return tensors.read(path, shapes)


finite_arrays = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
)


@given(arrays=st.dictionaries(st.text(max_size=5).filter("__metadata__".__ne__), finite_arrays, max_size=4))
def test_arrays_come_back_bit_for_bit_and_safetensors_agrees(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, np.ndarray[Any, np.dtype[np.float32]]]
) -> None:
    content = tensors.to_bytes(arrays)
    shapes = {name: array.shape for name, array in arrays.items()}
    back = read(tmp_path_factory.getbasetemp() / "model.safetensors", content, shapes)
    theirs = safetensors.numpy.load(content)
    assert list(back) == list(arrays)
    assert set(theirs) == set(arrays)
    for name, array in arrays.items():
        assert back[name].dtype == np.float32
        assert back[name].shape == theirs[name].shape == array.shape
        assert back[name].tobytes() == theirs[name].tobytes() == array.tobytes()


def test_the_order_of_insertion_and_of_memory_does_not_change_a_byte() -> None:
    turned = {name: np.array(ARRAYS[name], dtype=np.float64, order="F") for name in reversed(ARRAYS)}
    assert tensors.to_bytes(turned) == VALID


def test_arrays_are_of_the_file_and_nobody_can_write_into_it(tmp_path: Path) -> None:
    back = read(tmp_path / "m", VALID)
    for array in back.values():
        assert not array.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True
    assert (tmp_path / "m").read_bytes() == VALID


@pytest.mark.parametrize("padding", range(8))
def test_numbers_that_another_writer_put_anywhere_are_aligned_and_read_only(tmp_path: Path, padding: int) -> None:
    numbers = np.arange(10, dtype="<f4")
    header = json.dumps({"a": A, "b": B}).encode() + b" " * padding
    back = read(tmp_path / "m", file_of(header, numbers.tobytes()), TWO)
    assert back["a"].tolist() + back["b"].ravel().tolist() == numbers.tolist()
    assert all(array.flags.aligned and not array.flags.writeable for array in back.values())


def test_a_file_that_is_replaced_or_deleted_is_still_read(tmp_path: Path) -> None:
    back = read(tmp_path / "m", VALID)
    (tmp_path / "other").write_bytes(file_of({}, b""))
    (tmp_path / "other").replace(tmp_path / "m")
    assert all(np.array_equal(back[name], ARRAYS[name]) for name in ARRAYS)
    (tmp_path / "m").unlink()
    assert all(np.array_equal(back[name], ARRAYS[name]) for name in ARRAYS)


@pytest.mark.parametrize("moment", ["_pieces", "_mapped"])
def test_a_file_that_becomes_shorter_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path, real = tmp_path / "model.safetensors", getattr(tensors, moment)

    def shortened(*given: Any) -> Any:
        os.truncate(path, len(VALID) - 1)
        return real(*given)

    monkeypatch.setattr(tensors, moment, shortened)
    with pytest.raises(FolderError, match="another process changes"):
        read(path, VALID)


@pytest.mark.parametrize("place", [0, 65_535, 65_536, 199_999])
def test_a_number_that_is_not_finite_is_found_wherever_it_is(tmp_path: Path, place: int) -> None:
    first, second = np.zeros(100_000, "f4"), np.zeros((500, 200), "f4")
    (first if place < 100_000 else second.reshape(-1))[place % 100_000] = np.nan
    with pytest.raises(FolderError, match=f"tensor '{'a' if place < 100_000 else 'b'}': expected finite"):
        read(tmp_path / "m", tensors.to_bytes({"a": first, "b": second}), {"a": (100_000,), "b": (500, 200)})


def test_numbers_take_no_memory_until_they_are_used(tmp_path: Path) -> None:
    path, rows = tmp_path / "model.safetensors", 2**22
    path.write_bytes(tensors.to_bytes({"a": np.ones(rows, "f4")}))
    tracemalloc.start()
    before = resident()
    back = tensors.read(path, {"a": (rows,)})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert resident() - before < 4_000_000
    assert back["a"].sum() == rows
    assert resident() - before > 12_000_000


def test_metadata_and_another_order_are_read(tmp_path: Path) -> None:
    content = safetensors.numpy.save({name: ARRAYS[name] for name in reversed(ARRAYS)}, metadata={"format": "pt"})
    assert read(tmp_path / "m", content)["weight"].tolist() == [[0, 1, 2], [3, 4, 5]]
    header = {"weight": entry([2, 3], 16, 40), "one": entry([], 0, 4), "bias": entry([3], 4, 16)}
    back = read(
        tmp_path / "m",
        file_of(header, np.arange(10, dtype="<f4").tobytes()),
        {"bias": (3,), "weight": (2, 3), "one": ()},
    )
    assert {name: array.tolist() for name, array in back.items()} == {
        "one": 0,
        "bias": [1, 2, 3],
        "weight": [[4, 5, 6], [7, 8, 9]],
    }


TWO: dict[str, tuple[int, ...]] = {"a": (4,), "b": (2, 3)}
A, B = entry([4], 0, 16), entry([2, 3], 16, 40)
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
    with pytest.raises(FolderError, match="at most 17,179,869,184 weights"):
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
        assert str(caught.value).startswith(f"{path}: expected a")


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
