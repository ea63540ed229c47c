"""A table in plain text and in HTML: the same cells."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from unrolled.reports.table import Table

TABLE = Table(["encoder", "half-life"], [["rnn", "1.4"], ["lstm <b>", "none"]])


def test_plain_text_is_aligned() -> None:
    assert TABLE.as_text().splitlines() == ["encoder   half-life", "rnn             1.4", "lstm <b>       none"]


def test_html_has_the_same_cells_and_names_its_rows_and_columns() -> None:
    root = ElementTree.fromstring(TABLE.as_html())
    assert [[cell.text for cell in row] for row in root.iter("tr")] == [TABLE.heading, *TABLE.rows]
    assert [cell.get("scope") for cell in root.iter("th")] == ["col", "col", "row", "row"]


def test_sentences_may_be_broken_by_a_page() -> None:
    root = ElementTree.fromstring(Table(["model", "why"], [["rnn", "it failed"]], of_sentences=True).as_html())
    assert [cell.get("class") for cell in root.iter("td")] == ["text"]
    assert [cell.get("class") for cell in root.iter("th")] == ["text", "text", None]
    assert "class" not in TABLE.as_html()
