"""A pipe or standard input, packed or not → read as the stream that it is, by every command that reads texts."""

from __future__ import annotations

import gzip
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.laws.damaged_files.file import CLEAN


@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_pipe_is_read_as_a_stream(
    unrolled: Callable[..., Any],
    tmp_path: Path,
    small: list[str],
    model: Path,
    command: str,
    pack: Callable[[bytes], bytes],
) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(pack(CLEAN)))
    writer.start()
    words = [pipe, "-o", tmp_path / "m", *small] if command == "train" else [model, pipe]
    done = unrolled(command, *words)
    writer.join()
    assert done.code == 0, done.err
    if command == "predict":
        assert [answer["row"] for answer in done.answers] == [1, 2, 3, 4, 5]
    else:
        assert f"{pipe}: 5 rows, 5 used, 2 labels" in done.err.splitlines()


@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
def test_standard_input_may_be_packed_and_of_any_format(
    unrolled: Callable[..., Any], tmp_path: Path, small: list[str], model: Path, command: str
) -> None:
    table = io.BytesIO()
    pq.write_table(pa.table({"text": ["fine", "dull", "fun", "long"], "label": ["good", "bad"] * 2}), table)
    words = ["-", "-o", tmp_path / "m", *small, "--force"] if command == "train" else [model, "-"]
    for form, content, rows in (("csv", CLEAN, 5), ("parquet", table.getvalue(), 4)):
        for packed in (content, gzip.compress(content), zstandard.compress(content)):
            done = unrolled(command, *words, "--format", form, stdin=packed)
            assert done.code == 0, done.err
            if command == "predict":
                assert len(done.answers) == rows
            else:
                assert f"-: {rows} rows, {rows} used, 2 labels" in done.err.splitlines()
