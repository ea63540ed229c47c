"""Pieces of numbers → the same numbers, mapped from a file that nobody else sees; a full disk is told."""

from __future__ import annotations

import gc
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.errors import DataError
from unrolled.text import memmap as module
from unrolled.text.memmap import to_memmap

pieces = st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=9), max_size=6)


@given(pieces)
def test_all_numbers_come_back_in_order(given: list[list[int]]) -> None:
    found = to_memmap(np.array(piece, np.int64) for piece in given)
    assert found.dtype == np.int32
    assert found.tolist() == [number for piece in given for number in piece]


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gc.collect()  # what other tests have left
    descriptors = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    found = to_memmap([np.arange(5), np.arange(3)])
    assert list(tmp_path.iterdir()) == []
    assert found[5:].tolist() == [0, 1, 2]
    del found
    gc.collect()
    if descriptors is not None:
        assert len(os.listdir("/proc/self/fd")) == descriptors


def test_nobody_can_write_to_what_is_mapped() -> None:
    with pytest.raises(ValueError, match="read-only"):
        to_memmap([np.arange(5)])[0] = 1


class Full(io.BytesIO):
    """A file on a disk that has no room."""

    def write(self, _: Any) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_with_the_folder_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TemporaryFile", lambda **_: Full())
    with pytest.raises(DataError, match=r"temporary folder .*No space left on device.*TMPDIR"):
        to_memmap([np.arange(5)])


def test_an_error_of_whoever_gives_the_pieces_stays_its_own() -> None:
    def broken() -> Any:
        yield np.arange(3)
        raise OSError("of the source")

    with pytest.raises(OSError, match="of the source"):
        to_memmap(broken())
