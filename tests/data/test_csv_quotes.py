"""Pieces of a CSV row → whether a line end within it belongs to it, as Python's csv has it."""

from __future__ import annotations

import csv

from hypothesis import example, given
from hypothesis import strategies as st

from unrolled.data.csv_quotes import Quotes


def lines_of_the_first_row(lines: list[str], delimiter: str) -> int:
    reader = csv.reader(iter(lines), delimiter=delimiter)
    next(reader, None)
    return reader.line_num


@given(
    st.lists(st.text(st.sampled_from('a",\t'), max_size=8).map(lambda text: f"{text}\n"), min_size=1, max_size=6),
    st.sampled_from(",\t"),
    st.integers(1, 4),
)
@example(['"a', '"", ""\n'], ",", 1)
def test_a_row_ends_where_csv_ends_it_however_it_is_cut(lines: list[str], delimiter: str, size: int) -> None:
    quotes, count = Quotes(delimiter, opened=False), 0
    for line in lines:
        for start in range(0, len(line), size):
            quotes.read(line[start : start + size])
        count += 1
        if not quotes.opened:
            break
    assert count == lines_of_the_first_row(lines, delimiter)


def test_one_may_begin_within_a_quote() -> None:
    quotes = Quotes(",", opened=True)
    quotes.read('still "" quoted\n')
    assert quotes.opened
    quotes.read('now closed", but 5" is bare\n')
    assert not quotes.opened
