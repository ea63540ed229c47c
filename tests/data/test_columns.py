"""One record becomes one row: texts joined, the label out, nothing lost of the rest."""

from __future__ import annotations

import pytest

from unrolled.data.columns import text_columns, to_row
from unrolled.data.rows import BadRow, Row

_RECORD = {"a": "1", "b": "", "a,b": "3", "label": " x "}


def test_the_column_of_that_very_name_stands_above_the_names_between_the_commas() -> None:
    assert text_columns("a,b", _RECORD) == ["a,b"]
    assert text_columns("b,a", _RECORD) == ["b", "a"]
    assert text_columns("a,", _RECORD) == ["a", ""]


def test_every_column_is_in_the_text_the_label_or_the_fields_unchanged() -> None:
    assert to_row(1, "here", _RECORD, texts=["b", "a"], label="label") == Row(1, "here", "\n1", " x ", {"a,b": "3"})
    unlabelled = Row(1, "here", "3", None, {"a": "1", "b": "", "label": " x "})
    assert to_row(1, "here", _RECORD, texts=["a,b"], label=None) == unlabelled


@pytest.mark.parametrize("label", ["", " ", "\t\n", "\u00a0"])
def test_a_blank_label_is_a_bad_row_only_where_a_label_is_wanted(label: str) -> None:
    record = {"text": "t", "label": label}
    bad = BadRow(1, "here", "the label is empty (in 'label')")
    assert to_row(1, "here", record, texts=["text"], label="label") == bad
    assert isinstance(to_row(1, "here", record, texts=["text"], label=None), Row)


def test_a_column_of_the_text_is_kept_besides_where_it_is_wanted() -> None:
    kept = to_row(1, "here", _RECORD, texts=["b", "a"], label="label", wanted=["a", "label"])
    assert kept == Row(1, "here", "\n1", " x ", {"a": "1", "a,b": "3"})
    meant = to_row(1, "here", _RECORD, texts=["b", "a"], label="label", wanted=["A"])
    assert isinstance(meant, Row)
    assert set(meant.fields) == {"a", "b", "a,b"}, "so that the error of a column that isn't there can offer it"
