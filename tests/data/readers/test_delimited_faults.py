"""CSV and TSV, damaged → every bad row reported with its lines and reason, or the file refused; no line is lost."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.readers.test_delimited import read
from unrolled.data.readers.delimited import read_delimited
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import ReadOptions
from unrolled.errors import DataError, SettingError

_NASTY = st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xe9", b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"x", b'""'])


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    lines = draw(st.lists(st.sampled_from([b"good,a", b'"two\nlines",b', b'"a ""word""",b', b"", b"\xc3\xa9,a"])))
    content = b"text,label\n" + b"".join(line + b"\n" for line in lines)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(len(b"text,label\n"), len(content)))
        content = content[:start] + draw(_NASTY) + content[start + draw(st.integers(0, 3)) :]
    return content


def _lines_of(row: Row | BadRow) -> range:
    first, last = re.fullmatch(r".*, row \d+ \(lines? (\d+)(?: to (\d+))?\)", row.where).groups()  # type: ignore[union-attr]
    return range(int(first), int(last or first) + 1)


@settings(deadline=None, max_examples=300)
@given(_damaged())
def test_every_line_that_is_not_blank_lies_in_one_row_used_or_reported(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_bytes(content)
    rows = read(path)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    covered = [line for row in rows for line in _lines_of(row)]
    assert covered == sorted(set(covered))
    lines = re.split(rb"\r\n|\r|\n", content)
    blank = {number for number, line in enumerate(lines, start=1) if not line}
    assert set(range(2, len(lines) + 1)) - blank <= set(covered) <= set(range(2, len(lines) + 1))


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_rows_or_a_data_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.csv"
    path.write_bytes(content)
    try:
        rows = list(read_delimited(str(path), delimiter=",", text_column="text", label_column=None))
    except DataError:
        return
    assert all(isinstance(row, Row | BadRow) for row in rows)


_LATIN = "is not UTF-8 (another encoding? --encoding latin-1)"
_UNCLOSED = "the quote opened in the row at line 3 is never closed and swallowed lines up to 5"
_REPORTS: dict[str, tuple[bytes, list[str], list[tuple[int, str, str]]]] = {
    "a short row": (b"only", ["one", "two"], [(2, "line 3", "expected 2 fields, got 1")]),
    "a long row": (b"a,b,EXTRA", ["one", "two"], [(2, "line 3", "expected 2 fields, got 3")]),
    "an unquoted comma": (b"yes, no,a", ["one", "two"], [(2, "line 3", "expected 2 fields, got 3")]),
    "a blank before a quote": (b'a, "b, c"', ["one", "two"], [(2, "line 3", "expected 2 fields, got 3")]),
    "a Latin-1 byte": (b"caf\xe9,a", ["one", "two"], [(2, "line 3", f"line 3, byte 4: 0xe9 {_LATIN}")]),
    "a Latin-1 byte in an unwanted place": (
        b"cafe,\xff",
        ["one", "two"],
        [(2, "line 3", f"line 3, byte 6: 0xff {_LATIN}")],
    ),
    "an overlong form": (b"\xc0\x80,a", ["one", "two"], [(2, "line 3", f"line 3, byte 1: 0xc0 {_LATIN}")]),
    "an encoded surrogate": (b"\xed\xa0\x80,a", ["one", "two"], [(2, "line 3", f"line 3, byte 1: 0xed {_LATIN}")]),
    "a cut character": (b"\xe2\x82,a", ["one", "two"], [(2, "line 3", f"line 3, byte 1: 0xe2 {_LATIN}")]),
    "a NUL": (b"a\0b,a", ["one", "two"], [(2, "line 3", "line 3, byte 2: a NUL byte")]),
    "an empty label": (b"text,", ["one", "two"], [(2, "line 3", "the label is empty (in 'label')")]),
    "a blank label": (b'text," "', ["one", "two"], [(2, "line 3", "the label is empty (in 'label')")]),
    "text after a closing quote": (
        b'"a"b,a',
        ["one", "two"],
        [(2, "line 3", "wrong quoting: ',' expected after '\"'")],
    ),
    "a quote that closes lines later": (
        b'"a,b\nc,d\ne"f,g',
        ["one", "two"],
        [(2, "lines 3 to 5", "wrong quoting: ',' expected after '\"'")],
    ),
    "a quote that joins rows": (b'"a,b\nc,d",e,f', ["one", "two"], [(2, "lines 3 to 4", "expected 2 fields, got 3")]),
    "a Latin-1 byte in a row of several lines": (
        b'"a\nb\xc3\xa9\xe9",a',
        ["one", "two"],
        [(2, "lines 3 to 4", f"line 4, byte 4: 0xe9 {_LATIN}")],
    ),
    "a quote that never closes": (b'"a,b\nc,d', ["one"], [(2, "lines 3 to 5", _UNCLOSED)]),
    "two bad rows": (
        b"a\n\n,,",
        ["one", "two"],
        [(2, "line 3", "expected 2 fields, got 1"), (3, "line 5", "expected 2 fields, got 3")],
    ),
    "a quote in a bare field": (b'5" disk,a', ["one", '5" disk', "two"], []),
    "an empty text": (b",a", ["one", "", "two"], []),
    "blank lines": (b"\n\r\n\r", ["one", "two"], []),
    "a lone CR for a line end": (b"a,b\rc,d", ["one", "a", "c", "two"], []),
    "a line separator of Unicode": ("a\u2028b\x85c\x0bd,e".encode(), ["one", "a\u2028b\x85c\x0bd", "two"], []),
    "a BOM in the middle": ("\ufeffa,b".encode(), ["one", "\ufeffa", "two"], []),
    "a field over the limit of csv": (b"x" * 200_000 + b",a", ["one", "x" * 200_000, "two"], []),
}


@pytest.mark.parametrize("case", _REPORTS)
def test_a_damaged_row_is_reported_and_the_others_are_read(tmp_path: Path, case: str) -> None:
    inserted, texts, reports = _REPORTS[case]
    path = tmp_path / "reviews.csv"
    path.write_bytes(b"text,label\none,a\n" + inserted + b"\ntwo,b\n")
    rows = read(path)
    assert [row.text for row in rows if isinstance(row, Row)] == texts
    bad = [BadRow(number, f"{path}, row {number} ({lines})", reason) for number, lines, reason in reports]
    assert [row for row in rows if isinstance(row, BadRow)] == bad


@st.composite
def _tables_with_long_rows(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    table = draw(
        st.lists(st.lists(st.text(st.sampled_from('a",\r\n'), max_size=30), min_size=2, max_size=2), max_size=6)
    )
    content = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    csv.writer(content, quoting=csv.QUOTE_ALL, lineterminator=end).writerows([["text", "id"], *table])
    return content.getvalue(), table


@given(_tables_with_long_rows(), st.integers(13, 60))
def test_a_row_that_is_too_long_is_one_bad_row_and_the_reader_is_in_step_again(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[str, list[list[str]]], most: int
) -> None:
    content, table = file
    path = tmp_path_factory.getbasetemp() / "long.csv"
    path.write_bytes(content.encode())
    options = ReadOptions(max_row_length=most)
    rows = list(read_delimited(str(path), delimiter=",", text_column="text", label_column=None, options=options))
    assert len(rows) == len(table)
    for row, (text, other) in zip(rows, table, strict=True):
        length = sum(len(value.replace('"', '""')) + 2 for value in (text, other)) + 1
        if length > most:
            assert isinstance(row, BadRow)
            assert row.reason == f"longer than {most} characters (--max-row-length)"
        else:
            assert isinstance(row, Row)
            assert [row.text, row.fields["id"]] == [text, other]
    assert [line for row in rows for line in _lines_of(row)] == list(range(2, len(re.split("\r\n|\r|\n", content))))


def test_a_quote_that_never_closes_is_told_as_such_however_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_bytes(b'text,id\na,1\n"b,2\n' + b"c,3\n" * 1000)
    options = ReadOptions(max_row_length=50)
    rows = list(read_delimited(str(path), delimiter=",", text_column="text", label_column=None, options=options))
    reason = "the quote opened in the row at line 3 is never closed and swallowed lines up to 1003"
    assert rows[1:] == [BadRow(2, f"{path}, row 2 (lines 3 to 1003)", reason)]


_REFUSALS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty, without even a header line."),
    "only a BOM": (b"\xef\xbb\xbf", "the file is empty"),
    "only blank lines": (b"\n\r\n", "the file is empty"),
    "a name twice": (b"text,label,text\n", "'text' occurs more than once."),
    "no such column": (b"text,labels\n", "no column 'label'; the columns are text, labels. Did you mean 'labels'?"),
    "another delimiter": (b"text;label\n", "no column 'text'; the only column is 'text;label'. Pass --delimiter ';'."),
    "UTF-16 little endian": ("text,label\n".encode("utf-16-le").join([b"\xff\xfe", b""]), "encoded in UTF-16"),
    "UTF-16 big endian": ("text,label\n".encode("utf-16-be").join([b"\xfe\xff", b""]), "encoded in UTF-16"),
    "UTF-16 without a mark": (
        "text,label\n".encode("utf-16-le"),
        "the header line can't be read (line 1, byte 2: a NUL byte).",
    ),
    "Latin-1 in the header": (b"text,label,caf\xe9\n", f"can't be read (line 1, byte 15: 0xe9 {_LATIN})."),
    "part of a BOM": (b"\xef\xbb", f"can't be read (line 1, byte 1: 0xef {_LATIN})."),
    "a quote that never closes": (b'text,"label\na,b\n', "line 1 is never closed and swallowed lines up to 2)."),
}


@pytest.mark.parametrize("case", _REFUSALS)
def test_a_file_without_a_usable_header_is_refused_at_the_call(tmp_path: Path, case: str) -> None:
    content, message = _REFUSALS[case]
    path = tmp_path / "reviews.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_delimited(str(path), delimiter=",", text_column="text", label_column="label")
    assert message in str(caught.value)
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("given", "header", "advised"),
    [
        (",", "a;label", "';'"),
        (",", "a\tlabel", r"'\t'"),
        (",", "a|label", "'|'"),
        ("\t", "a,label", "','"),
        (",", '"a,b"', None),
        (",", "a;b,label", None),
    ],
)
def test_a_header_that_another_delimiter_parts_is_told_of_it(
    tmp_path: Path, given: str, header: str, advised: str | None
) -> None:
    path = tmp_path / "reviews.data"
    path.write_text(f"{header}\nfine,good\n")
    with pytest.raises(DataError, match="no column 'text'") as raised:
        read(path, given)
    assert (raised.value.advice == f"Pass --delimiter {advised}.") == (advised is not None)


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "\n", "\r", "\0", "\ufeff"])
def test_what_cannot_part_fields_is_refused(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(SettingError, match="one character"):
        read(tmp_path / "nowhere.csv", delimiter)
