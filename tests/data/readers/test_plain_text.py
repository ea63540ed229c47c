"""Plain text: every line is a row, ended by \\n or \\r\\n and by nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.data.readers.fasttext import read_fasttext_lines
from unrolled.data.readers.plain_text import read_plain_text
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import ReadOptions
from unrolled.errors import DataError

_LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r") | st.sampled_from("\u2028\x85\x0b")
)


@settings(deadline=None)
@given(st.lists(_LINES), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_lines_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], end: str, mark: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.txt"
    path.write_bytes((mark + "".join(text + end for text in texts)).encode())
    rows = list(read_plain_text(str(path)))
    assert rows == [Row(n, f"{path}, line {n}", text, None, {}) for n, text in enumerate(texts, start=1)]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\r\n", b"\0", b"\xe9", b"\xc3\xa9", b"\xef\xbb\xbf"])).map(b"".join)
)
def test_every_line_is_one_row_used_or_reported(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.txt"
    path.write_bytes(content)
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    rows = list(read_plain_text(str(path)))
    assert [row.number for row in rows] == list(range(1, len(lines) + 1))
    for row, line in zip(rows, lines, strict=True):
        if isinstance(row, Row):
            assert row.text.encode() in (line, line.removesuffix(b"\r"))
        else:
            assert b"\0" in line or b"\xe9" in line.replace(b"\xc3\xa9", b"")


def test_exact_rows_and_reports(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_bytes(b"one\r\n\ncaf\xe9\na\0b\na\rb\r\nlast\r")
    assert list(read_plain_text(str(path))) == [
        Row(1, f"{path}, line 1", "one", None, {}),
        Row(2, f"{path}, line 2", "", None, {}),
        BadRow(3, f"{path}, line 3", "line 3, byte 4: 0xe9 is not UTF-8 (another encoding? --encoding latin-1)"),
        BadRow(4, f"{path}, line 4", "line 4, byte 2: a NUL byte"),
        Row(5, f"{path}, line 5", "a\rb", None, {}),
        Row(6, f"{path}, line 6", "last\r", None, {}),
    ]


def test_utf_16_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_bytes("one\ntwo\n".encode("utf-16"))
    with pytest.raises(DataError, match="encoded in UTF-16, not in UTF-8"):
        read_plain_text(str(path))


@pytest.mark.parametrize("read", [read_plain_text, partial(read_fasttext_lines, with_labels=False)])
def test_a_cr_within_a_line_is_told(tmp_path: Path, read: Callable[..., Iterator[Row | BadRow]]) -> None:
    path, told = tmp_path / "texts.txt", list[str]()
    path.write_bytes(b"one\r\ntwo\rthree\r\n\rfour\n")
    rows = list(read(str(path), options=ReadOptions(on_warning=told.append)))
    assert [row.text for row in rows if isinstance(row, Row)] == ["one", "two\rthree", "\rfour"]
    assert told == [f"{path}: 2 lines have a CR (\\r) within, which ends no line here, the first: line 2"]
