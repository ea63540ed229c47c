"""Labelled files → what is read of them, and what is said about it on standard error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from unrolled.cli.sources import Sources
from unrolled.data.labelled import read_labelled
from unrolled.data.source import ReadOptions
from unrolled.errors import DataError

DAMAGED = "body;x,stars\nfine,good\nonly one field\ndull,bad\nlong,\n"

STARS = ReadOptions(format="csv", text_column="body;x", label_column="stars")


@pytest.fixture
def damaged(tmp_path: Path) -> str:
    """A file in which rows 2 and 4 can't be used."""
    path = tmp_path / "damaged.data"
    path.write_text(DAMAGED)
    return str(path)


def test_every_option_reaches_the_reader(damaged: str) -> None:
    sources = Sources(replace(STARS, skip_bad_rows=True))
    expected = read_labelled(
        damaged, format="csv", text_column="body;x", label_column="stars", skip_bad_rows=True, minimum_classes=1
    )
    assert sources.read(damaged) == expected
    assert (expected.texts, expected.labels) == (["fine", "dull"], ["good", "bad"])


def test_the_delimiter_reaches_the_reader(damaged: str) -> None:
    Path(damaged).write_text("body;stars\nfine, very;good\n")
    assert Sources(replace(STARS, text_column="body", skip_bad_rows=True, delimiter=";")).read(damaged).texts == [
        "fine, very"
    ]


def test_blank_lines_encoding_length_and_labels_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,label\n\ncafé,Good\n\nfine,good \ntoo long,bad\n".encode("latin-1"))
    sources = Sources(ReadOptions(skip_bad_rows=True, encoding="latin-1", max_row_length=11))
    assert sources.read(str(path)).texts == ["café", "fine"]
    assert capsys.readouterr().err.splitlines() == [
        f"{path}: 2 blank lines passed over",
        f"skipped {path}, row 3 (line 6): longer than 11 characters (--max-row-length)",
        f"{path}: 3 rows, 2 used, 2 labels",
        f"{path}: 'Good' and 'good ' differ only by case or spaces",
        f"{path}: 2 classes have a single row: 'Good', 'good '",
    ]


def test_skipped_rows_are_listed_in_order_and_counted(damaged: str, capsys: pytest.CaptureFixture[str]) -> None:
    Sources(replace(STARS, skip_bad_rows=True)).read(damaged)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"skipped {damaged}, row 2 (line 3): expected 2 fields, got 1",
        f"skipped {damaged}, row 4 (line 5): the label is empty (in 'stars')",
        f"{damaged}: 4 rows, 2 used, 2 labels",
        f"{damaged}: 2 classes have a single row: 'good', 'bad'",
    ]


def test_bad_rows_are_refused_by_default_and_nothing_is_counted(
    damaged: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DataError, match="2 of 4 rows"):
        Sources(STARS).read(damaged)
    assert capsys.readouterr() == ("", "")


def test_one_label_is_enough_to_judge_by_and_not_to_train_on(write: Callable[..., Path], tmp_path: Path) -> None:
    path = str(write(tmp_path / "one.csv", [{"text": "fine", "label": "good"}]))
    assert Sources().read(path).labels == ["good"]
    with pytest.raises(DataError, match="at least 2 different labels"):
        Sources().read(path, minimum_classes=2)
