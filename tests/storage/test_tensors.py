"""Arrays, and legal files of safetensors → the same arrays, read-only, in no memory until they are used."""

from __future__ import annotations

import json
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

from unrolled.storage import tensors

SHAPES: dict[str, tuple[int, ...]] = {"bias": (3,), "empty": (0, 4), "one": (), "weight": (2, 3)}
ARRAYS = {name: np.arange(np.prod(shape), dtype=np.float32).reshape(shape) for name, shape in SHAPES.items()}
VALID = tensors.to_bytes(ARRAYS)


def entry(shape: object, begin: object, end: object, dtype: object = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def file_of(header: object, data: bytes = bytes(40)) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


TWO: dict[str, tuple[int, ...]] = {"a": (4,), "b": (2, 3)}
A, B = entry([4], 0, 16), entry([2, 3], 16, 40)


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
