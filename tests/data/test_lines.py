"""The lines of a source: counted, looked at, a mark taken off, none held that is too long, and no file left open."""

from __future__ import annotations

import codecs
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.lines import Lines, TooLongError
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.errors import DataError, SettingError


def lines(path: Path | str, newline: str = "", **options: object) -> Lines:
    return Lines(str(path), newline=newline, options=ReadOptions(**options) if options else DEFAULTS)  # type: ignore[arg-type]


@given(st.text(st.sampled_from("ab\r\n\u2028\x85é")), st.sampled_from(["", "\n"]))
def test_lines_end_where_pythons_open_ends_them(
    tmp_path_factory: pytest.TempPathFactory, text: str, newline: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.txt"
    path.write_bytes(text.encode())
    found = lines(path, newline)
    with path.open(encoding="utf-8", newline=newline) as file:
        assert list(found) == list(file)
    assert found.number == len(list(io.StringIO(text, newline=newline)))


@given(st.lists(st.text(st.sampled_from("ab"), max_size=12)), st.sampled_from(["\n", "\r", "\r\n"]), st.integers(1, 9))
def test_a_line_is_a_row_unless_it_is_longer_than_may_be(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], end: str, most: int
) -> None:
    """Whatever the limit cuts, also between \\r and \\n, the next line begins where it begins."""
    path = tmp_path_factory.getbasetemp() / "long.txt"
    path.write_bytes("".join(text + end for text in texts).encode())
    found = lines(path, max_row_length=most)
    told = [(found.number, line.rstrip("\r\n"), flaw) for line, flaw in found.rows()]
    reason = f"longer than {most:,} characters (--max-row-length)"
    expected = [(text, None) if len(text) <= most else ("", reason) for text in texts]
    assert told == [(number, *row) for number, row in enumerate(expected, start=1)]


@pytest.mark.parametrize("newline", ["", "\n"])
def test_one_byte_order_mark_is_taken_off_the_beginning(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "marked.txt"
    path.write_bytes("\ufeff\ufeffa\n\ufeffb".encode())
    assert list(lines(path, newline)) == ["\ufeffa\n", "\ufeffb"]
    path.write_bytes("\ufeff".encode())
    assert list(lines(path, newline)) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp1252", "gb18030"])
def test_another_encoding_is_read_when_it_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "texts.txt"
    path.write_bytes("café\nnaïve\r\n".encode(encoding))
    assert list(lines(path, encoding=encoding)) == ["café\n", "naïve\r\n"]


def test_the_first_flaw_of_a_row_is_told_with_its_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_bytes("\ufeffé".encode() + b"\xe9 \xff\n" + b"fine\n" + b"\0")
    told = [flaw for _, flaw in lines(path).rows()]
    hint = "is not UTF-8 (another encoding? --encoding latin-1)"
    assert told == [f"line 1, byte 6: 0xe9 {hint}", None, "line 3, byte 1: a NUL byte"]
    path.write_bytes("fine\n".encode("utf-16") + b"\x00\xd8a\0\n\0b")
    told = [flaw for _, flaw in lines(path, encoding="utf-16").rows()]
    assert told == [None, "line 2, character 1: 0x00 is not utf-16", "line 3, character 1: 0x62 is not utf-16"]


@pytest.mark.parametrize("encoding", ["utf-61", "", "hex", "rot13", "a\0b", "undefined"])
def test_what_is_no_encoding_is_a_setting_error(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(SettingError, match="no text encoding"):
        lines(tmp_path / "a.txt", encoding=encoding)


def test_utf_16_that_nobody_spoke_of_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    for encoding in ("utf-16-le", "utf-16-be"):
        path.write_bytes("\ufeffone\n".encode(encoding))
        with pytest.raises(DataError, match=r"encoded in UTF-16, not in UTF-8\. Pass --encoding utf-16\."):
            lines(path)


def test_a_long_line_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"x" * 30_000_000 + b"\nfine\n")
    tracemalloc.start()
    told = [line for line, _ in lines(path, max_row_length=1000).rows()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told == ["", "fine\n"]
    assert peak < 1_000_000


def test_the_limit_counts_a_row_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"
    path.write_bytes(b"aaa\nbbb\nccc\n")
    found = lines(path, max_row_length=7)
    found.begin()
    assert [next(found), next(found)] == ["aaa\n", "bbb\n"]
    with pytest.raises(TooLongError):
        next(found)


def test_a_reading_error_on_the_way_is_a_data_error() -> None:
    if not Path("/proc/self/mem").exists():
        pytest.skip("no file here that opens and can't be read")
    with pytest.raises(DataError, match="Input/output error"):
        lines("/proc/self/mem")


def test_lines_that_are_never_read_leave_no_open_file(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("fine\n" * 3)
    unread = lines(path)
    del unread  # a file left open would warn here, and a warning is an error
    half_read = lines(path)
    next(half_read)
    del half_read


def test_standard_input_half_read_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"fine\n" * 3))
    monkeypatch.setattr("sys.stdin", stdin)
    half_read = lines("-", "\n")
    next(half_read)
    del half_read
    assert not stdin.closed
    assert not stdin.buffer.closed


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")])
def test_utf_32_is_not_called_utf_16(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = tmp_path / "texts"
    path.write_bytes(mark + "fine\n".encode(encoding))
    with pytest.raises(DataError, match=r"encoded in UTF-32, not in UTF-8\. Pass --encoding utf-32\."):
        lines(path)
