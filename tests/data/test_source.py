"""The lines of a source: the first flaw of their bytes is told, a mark is taken off, and no file stays open."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.source import damage, open_lines
from unrolled.errors import DataError


def _first_flaw(content: bytes) -> str | None:
    end, flaw = len(content), None
    try:
        content.decode()
    except UnicodeDecodeError as error:
        end, flaw = error.start, f"byte 0x{content[error.start]:02x} is not UTF-8"
    return "a NUL byte" if b"\0" in content[:end] else flaw


@given(st.binary() | st.text(max_size=8).map(lambda text: text.encode(errors="surrogatepass")))
def test_damage_is_what_strict_utf8_refuses_and_nul(content: bytes) -> None:
    assert damage(content.decode(errors="surrogateescape")) == _first_flaw(content)


@pytest.mark.parametrize("newline", ["", "\n"])
def test_one_byte_order_mark_is_taken_off_the_beginning(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "marked.txt"
    path.write_bytes("\ufeff\ufeffa\n\ufeffb".encode())
    assert list(open_lines(str(path), newline=newline)) == ["\ufeffa\n", "\ufeffb"]
    path.write_bytes("\ufeff".encode())
    assert list(open_lines(str(path), newline=newline)) == []


def test_a_reading_error_on_the_way_is_a_data_error() -> None:
    if not Path("/proc/self/mem").exists():
        pytest.skip("no file here that opens and can't be read")
    with pytest.raises(DataError, match="Input/output error"):
        open_lines("/proc/self/mem", newline="")


def test_lines_that_are_never_read_leave_no_open_file(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("fine\n" * 3)
    lines = open_lines(str(path), newline="")
    del lines  # a file left open would warn here, and a warning is an error
    half_read = open_lines(str(path), newline="")
    next(half_read)
    del half_read


def test_standard_input_half_read_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"fine\n" * 3))
    monkeypatch.setattr("sys.stdin", stdin)
    lines = open_lines("-", newline="\n")
    next(lines)
    del lines
    assert not stdin.closed
    assert not stdin.buffer.closed
