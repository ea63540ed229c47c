"""Rows of cells → lines that csv reads back, one a row for the most generous reader unless a cell is in quotes."""

from __future__ import annotations

import csv
import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.prediction.delimited_rows import LINE_ENDS, TableWriter

cells = st.text(st.characters(codec="utf-8"), max_size=5) | st.sampled_from(["=1", "-1", "a;=1", "\x1b[2J", *LINE_ENDS])


def written(rows: list[list[Any]], delimiter: str = ",", **options: Any) -> tuple[str, int]:
    file = io.StringIO(newline="")
    writer = TableWriter(file, delimiter, **options)
    for row in rows:
        writer.write(row)
    return file.getvalue(), writer.unsafe


@given(st.lists(st.lists(cells, min_size=2, max_size=3), max_size=4), st.sampled_from([",", "\t"]))
def test_it_reads_back_as_it_was(rows: list[list[str]], delimiter: str) -> None:
    text, _ = written(rows, delimiter)
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)) == rows


@each("end", [*LINE_ENDS, "\r\n"])
def test_what_may_end_a_line_is_in_quotes(end: str) -> None:
    assert len(f"a{end}b".splitlines()) == 2
    assert written([["x", f"a{end}b", 1]])[0] == f'x,"a{end}b",1\n'


def test_unsafe_cells_are_counted_and_written_as_they_are() -> None:
    rows: list[list[Any]] = [["=a", "b", -1.5], ["\x1b[2J", "-1.5", None], ["x;@y", "ok", "＝z"]]
    text, unsafe = written(rows)
    assert (text, unsafe) == ("=a,b,-1.5\n\x1b[2J,-1.5,\nx;@y,ok,＝z\n", 4)
    assert written(rows, spreadsheet_safe=True) == ("'=a,b,-1.5\n\\x1b[2J,-1.5,\nx;'@y,ok,'＝z\n", 0)
