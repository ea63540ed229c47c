"""A path → its bytes, from a regular file or a pipe; a device, a socket, a folder and nothing are refused by name."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.source import Bytes, pieces, reject_standard_input_twice
from unrolled.errors import DataError


def refused(path: Path | str) -> str:
    with pytest.raises(DataError) as caught:
        next(pieces(str(path)))
    return str(caught.value).removeprefix(f"{path}: ")


def test_devices_and_sockets_are_refused_by_name() -> None:
    step = "Give a file, or pass - for standard input."
    for path in ("/dev/zero", "/dev/null", "/dev/tty"):
        if Path(path).is_char_device():
            assert refused(path) == f"this is a character device, not a file or a pipe. {step}"


def test_a_socket_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("s.csv")
        assert refused("s.csv").startswith("this is a socket, not a file or a pipe.")


def test_a_pipe_is_read_to_its_end_as_it_comes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("wb", buffering=0) as file:
            for byte in b"one\ntwo":
                file.write(bytes([byte]))

    writer = threading.Thread(target=write)
    writer.start()
    assert b"".join(pieces(str(pipe))) == b"one\ntwo"
    writer.join()


def test_what_is_missing_is_told_with_the_nearest_name_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").touch()
    got = "no such file or folder."
    assert refused(tmp_path / "review.csv") == f"{got} Did you mean 'reviews.csv'?"
    assert refused(tmp_path / "Reviews.CSV") == f"{got} Did you mean 'reviews.csv'?"
    assert refused(tmp_path / "zzz") == f"{got} Check the path."
    assert refused(tmp_path / "no folder" / "reviews.csv") == f"{got} Check the path."


def test_what_may_not_be_read_and_a_folder_are_told(tmp_path: Path) -> None:
    assert refused(tmp_path).startswith("this is a folder, not a file.")
    (tmp_path / "locked").touch(mode=0)
    if os.access(tmp_path / "locked", os.R_OK):
        pytest.skip("this user may read anything")
    assert refused(tmp_path / "locked").startswith("can't read it: Permission denied.")


@given(st.lists(st.binary(max_size=9)), st.integers(1, 5))
def test_a_stream_of_pieces_reads_as_their_join(contents: list[bytes], size: int) -> None:
    stream = io.BufferedReader(Bytes(piece for piece in contents), buffer_size=size)
    assert b"".join(iter(lambda: stream.read(size), b"")) == b"".join(contents)


@pytest.mark.parametrize("words", ["check - --test -", "train - --dev - -o M", "train - --test - -o M"])
def test_standard_input_is_one_file_of_a_command(unrolled: Callable[..., Any], words: str) -> None:
    assert "standard input (-) can be used for one file" in unrolled(*words.split()).error(2)


def test_standard_input_beside_paths_is_taken() -> None:
    reject_standard_input_twice("a", "-", None, "a")
