"""CSV and TSV that a legal writer wrote → rows equal to what was written, whatever delimits, quotes and ends them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.data.readers.delimited import read_delimited
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import ReadOptions
from unrolled.errors import DataError

_VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from('",\t\r\n é'))
_LABELS = _VALUES.filter(lambda value: value.strip() != "")


def read(path: Path, delimiter: str = ",", label: str | None = "label") -> list[Row | BadRow]:
    return list(read_delimited(str(path), delimiter=delimiter, text_column="text", label_column=label))


def _written(value: str, delimiter: str, quote: bool) -> str:
    must = not value or any(character in value for character in (delimiter, '"', "\r", "\n"))
    return '"' + value.replace('"', '""') + '"' if quote or must else value


@st.composite
def _files(draw: st.DrawFn) -> tuple[str, str, list[list[str]]]:
    """Draw (delimiter, content, table): a legal file of any quoting, line ends and blank lines, and what it says."""
    delimiter = draw(st.sampled_from(",\t"))
    table = draw(st.lists(st.tuples(_VALUES, _LABELS, _VALUES).map(list), max_size=5))
    content = draw(st.sampled_from(["", "\ufeff"]))
    for row in [["text", "label", "id"], *table]:
        content += delimiter.join(_written(value, delimiter, draw(st.booleans())) for value in row)
        content += draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"]))
    return delimiter, content if draw(st.booleans()) else content.rstrip("\r\n"), table


@settings(deadline=None)
@given(_files())
def test_a_legal_file_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[str, str, list[list[str]]]
) -> None:
    delimiter, content, table = file
    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_bytes(content.encode())
    rows = read(path, delimiter)
    assert [[row.text, row.label, row.fields["id"]] for row in rows if isinstance(row, Row)] == table
    assert [row.number for row in rows] == list(range(1, len(table) + 1))
    oracle = csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    assert [{"text": row.text, "label": row.label, **row.fields} for row in rows if isinstance(row, Row)] == [*oracle]


_KEPT = ["NA", "007", "null", "nan", "true", "1.10", "-0", " a ", "None", "1e5", "∞"]


def test_values_that_look_like_numbers_or_nothing_stay_the_text_they_are(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text("text,label,id\n" + "".join(f"{value},{value},{value}\n" for value in _KEPT), encoding="utf-8")
    rows = read(path)
    assert rows == [
        Row(number, f"{path}, row {number} (line {number + 1})", value, value, {"id": value})
        for number, value in enumerate(_KEPT, start=1)
    ]


def _row(values: Sequence[str], text_column: str, label: str | None, path: Path) -> Row | BadRow:
    path.write_text('subject,body,"a,b",label\n' + ",".join(values) + "\n")
    return next(read_delimited(str(path), delimiter=",", text_column=text_column, label_column=label))


def test_several_text_columns_are_joined_by_newlines_unless_one_has_that_very_name(tmp_path: Path) -> None:
    path = tmp_path / "mail.csv"
    joined = _row("stuv", "subject,body", "label", path)
    assert isinstance(joined, Row)
    assert (joined.text, joined.label, joined.fields) == ("s\nt", "v", {"a,b": "u"})
    exact = _row("stuv", "a,b", None, path)
    assert isinstance(exact, Row)
    assert (exact.text, exact.label, exact.fields) == ("u", None, {"subject": "s", "body": "t", "label": "v"})
    with pytest.raises(DataError, match=r"no column 'boddy'.*Did you mean 'body'"):
        _row("stuv", "subject,boddy", "label", path)


@pytest.mark.parametrize("delimiter", list(";\t| ^é\x01a"))
def test_any_other_character_parts_fields(tmp_path: Path, delimiter: str) -> None:
    path, rows = tmp_path / "reviews.csv", [["x", "y"], [f"f{delimiter}ine", '"'], ["\n", "b"]]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    found = list(read_delimited(str(path), delimiter=delimiter, text_column="x", label_column="y"))
    assert [(row.text, row.label) for row in found if isinstance(row, Row)] == [(a, b) for a, b in rows[1:]]


_STRAY = 'text,label\nfine,good\n"dull,bad\nfun,good",bad\n\n"a\nb\n",good\n"a\nb", \nlong,bad\n'


def test_used_rows_of_several_lines_are_told_with_the_first(tmp_path: Path) -> None:
    """A stray quote makes one legal row of several; a bad row is told anyway."""
    path, told = tmp_path / "reviews.csv", list[str]()
    path.write_text(_STRAY)
    options = ReadOptions(on_warning=told.append)
    rows = [*read_delimited(str(path), delimiter=",", text_column="text", label_column="label", options=options)]
    assert [isinstance(row, Row) for row in rows] == [True, True, True, False, True]
    assert told == [
        f"{path}: 1 blank line passed over",
        f"{path}: 2 rows go over several lines, the first: row 2 (lines 3 to 4)",
    ]


def test_nothing_is_told_where_every_row_has_its_line(tmp_path: Path) -> None:
    path, told = tmp_path / "reviews.csv", list[str]()
    path.write_bytes(b'"te\nxt",label\r\n"fine",good\r\n"a\n')
    options = ReadOptions(on_warning=told.append)
    rows = [*read_delimited(str(path), delimiter=",", text_column="te\nxt", label_column="label", options=options)]
    assert [isinstance(row, Row) for row in rows] == [True, False]
    assert told == []
