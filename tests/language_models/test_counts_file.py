"""Counted n-grams ↔ a text file; what isn't exactly what is written is a FolderError."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.errors import DataError, FolderError
from unrolled.language_models import counts_file

GOOD = b"0 1 7\n0 2 1\n1 0 12\n"


@given(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1), st.integers(1, 2**40))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, grams: set[tuple[int, int]], n: int) -> None:
    ngrams, counts = np.array(sorted(grams)), np.arange(len(grams)) + n
    path = tmp_path_factory.mktemp("counts") / "counts.txt"
    path.write_bytes(counts_file.to_bytes(ngrams, counts))
    read = counts_file.read(path, 9, 2)
    assert np.array_equal(read[0], ngrams)
    assert np.array_equal(read[1], counts)


def test_the_file_is_lines_of_numbers(tmp_path: Path) -> None:
    (tmp_path / "counts.txt").write_bytes(GOOD)
    ngrams, counts = counts_file.read(tmp_path / "counts.txt", 3, 2)
    assert (ngrams.tolist(), counts.tolist()) == ([[0, 1], [0, 2], [1, 0]], [7, 1, 12])
    assert counts_file.to_bytes(ngrams, counts) == GOOD


@pytest.mark.parametrize("room", [-1, 0, 1])
def test_no_more_is_written_than_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    (tmp_path / "counts.txt").write_bytes(GOOD)
    ngrams, counts = counts_file.read(tmp_path / "counts.txt", 3, 2)
    monkeypatch.setattr(counts_file, "LARGEST_FILE", len(GOOD) + room)
    if room >= 0:
        assert counts_file.to_bytes(ngrams, counts) == GOOD
        counts_file.read(tmp_path / "counts.txt", 3, 2)
        return
    with pytest.raises(DataError, match="--order"):
        counts_file.to_bytes(ngrams, counts)
    with pytest.raises(FolderError, match="at most 18 bytes"):
        counts_file.read(tmp_path / "counts.txt", 3, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        GOOD[:-1],
        GOOD[:-4],
        GOOD.replace(b"\n", b"\r\n"),
        b"0 1 07\n",
        b"0 1 +7\n",
        b"0 1 1_0\n",
        b"0 1 0\n",
        b"0 1 -7\n",
        b"-1 1 7\n",
        b"0 3 7\n",
        b"0 1 x\n",
        b"0 1 7\n0 1 7\n",
        b"0 2 1\n0 1 7\n",
        b"0 1 \xff\n",
        b"0 1 99999999999999999999\n",
        b"0 1 9223372036854775807\n",
        b"0 1 " + b"9" * 5000 + b"\n",
        b"0 1 7 1 2 3\n",
    ],
)
def test_any_other_content_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "counts.txt").write_bytes(content)
    with pytest.raises(FolderError, match=r"counts\.txt: expected lines of 2 word numbers and a count"):
        counts_file.read(tmp_path / "counts.txt", 3, 2)
