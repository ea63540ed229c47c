"""Answers in every format → what their name says, and nothing that a spreadsheet would run unawares."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.data.source import pieces


@pytest.fixture
def texts(reviews: Callable[..., Any], write: Callable[..., Path], tmp_path: Path) -> Path:
    """A file of 30 texts that the model hasn't seen, with the columns id, text, label."""
    return write(tmp_path / "texts.csv", reviews(30, seed=5))


@pytest.fixture
def predict(unrolled: Callable[..., Any], model: Path) -> Callable[..., Any]:
    """How to run `predict` with the trained model."""
    return lambda *words, **more: unrolled("predict", model, *words, **more)


def table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


@pytest.mark.parametrize("name", ["o.jsonl.gz", "o.csv.gz", "o.tsv.zst", "o.ndjson", "o.zst"])
def test_packed_answers_hold_what_is_printed_and_are_read_as_data(
    predict: Callable[..., Any], texts: Path, name: str, tmp_path: Path
) -> None:
    words = ["--keep-columns", "text"]
    assert predict(texts, "-o", tmp_path / name, *words).code == 0
    form = next((form for form in ("csv", "tsv") if form in name), "jsonl")
    printed = predict(texts, *words, "--output-format", form).out.encode()
    assert b"".join(pieces(str(tmp_path / name))) == printed
    again = predict(tmp_path / name, *([] if name != "o.zst" else ["--format", "jsonl"]))
    assert [answer["label"] for answer in again.answers] == [answer["label"] for answer in predict(texts).answers]


@pytest.mark.parametrize("name", ["o.jsonl.gz", "o.csv.zst"])
def test_packed_answers_are_replaced_by_force_also_those_of_no_rows(
    predict: Callable[..., Any], texts: Path, name: str, tmp_path: Path
) -> None:
    assert predict("-", "-o", tmp_path / name, stdin=b"").code == 0
    assert (tmp_path / name).stat().st_size > 0
    for _ in range(2):
        assert predict(texts, "-o", tmp_path / name, "--force").code == 0
        assert len(b"".join(pieces(str(tmp_path / name))).splitlines()) >= 30
    (tmp_path / name).write_bytes(gzip.compress(b"years of work"))
    assert "isn't an output of this command" in predict(texts, "-o", tmp_path / name, "--force").error()


@pytest.mark.parametrize("words", [[], ["--output-format", "jsonl"], ["--output-format", "csv"]])
@pytest.mark.parametrize("name", ["o.parquet", "o.xlsx", "o.json", "o.parquet.gz"])
def test_a_format_that_is_not_written_is_refused_before_the_model_is_read(
    unrolled: Callable[..., Any], texts: Path, name: str, words: list[str], tmp_path: Path
) -> None:
    told = unrolled("predict", tmp_path / "no model", texts, "-o", tmp_path / name, *words).error(2)
    assert ".jsonl .ndjson .csv .tsv" in told
    assert [path.name for path in tmp_path.iterdir()] == ["texts.csv"]


HARMFUL = ["=cmd|' /C calc'!A0", "\x1b[2J", "-1.5", "fine", "x;@SUM(A1)"]


@pytest.fixture
def harmful(tmp_path: Path) -> Path:
    """Texts with a column that a spreadsheet would run in rows 1 and 5, and a terminal obey in row 2."""
    path = tmp_path / "harmful.jsonl"
    path.write_text("".join(json.dumps({"text": "fine", "=note": note}) + "\n" for note in HARMFUL))
    return path


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_a_table_is_lossless_with_a_warning_or_harmless_without(
    predict: Callable[..., Any], harmful: Path, form: str, tmp_path: Path
) -> None:
    words = ["--keep-columns", "=note", "--output-format", form]
    done = predict(harmful, *words)
    rows = table(done.out, {"csv": ",", "tsv": "\t"}[form])
    assert [row["=note"] for row in rows] == HARMFUL
    assert done.err.count("--spreadsheet-safe") == 1
    assert "4 cells" in done.err, "the column's name too"
    safe = predict(harmful, *words, "--spreadsheet-safe", "-o", tmp_path / "safe")
    assert "spreadsheet" not in safe.err
    rows = table((tmp_path / "safe").read_text(), {"csv": ",", "tsv": "\t"}[form])
    assert [row["'=note"] for row in rows] == [
        *("'=cmd|' /C calc'!A0", "\\x1b[2J", "-1.5", "fine", "x;'@SUM(A1)"),
    ]


def test_json_lines_need_no_warning_and_have_nothing_to_make_harmless(
    predict: Callable[..., Any], harmful: Path
) -> None:
    done = predict(harmful, "--keep-columns", "=note")
    assert [answer["=note"] for answer in done.answers] == HARMFUL
    assert "spreadsheet" not in done.err
    assert "csv or tsv" in predict(harmful, "--spreadsheet-safe").error(2)
