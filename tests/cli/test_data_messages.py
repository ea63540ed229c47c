"""What is gathered for training → one line on its rows, equal to what `check` finds, and none where nothing is."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from unrolled import TextClassifier
from unrolled.checks.profile.dataset_profile import READING
from unrolled.cli.data_messages import report_data
from unrolled.cli.sources import Sources
from unrolled.prediction.text_model import TextModel
from unrolled.training.warm_start import BaseModel

Rows = list[tuple[str, str]]
TRAIN: Rows = [("one", "a"), ("two", "b"), ("one", "a"), ("One", "a"), ("two", "a"), ("three", "B"), ("four", "c")]
TEST: Rows = [("one", "b"), ("five", "a"), ("two", "b"), ("two", "b")]


@pytest.fixture
def said(tmp_path: Path, write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What is said of training, dev and test rows, in files of these names."""

    def of(base: TextModel | None = None, **rows: Rows) -> str:
        run_config = replace(TextClassifier("logistic").run_config(), start=BaseModel(tmp_path, base) if base else None)
        gathered, names = {}, {}
        for name, pairs in rows.items():
            path = write(tmp_path / f"{name} it.csv", [{"text": text, "label": label} for text, label in pairs])
            gathered[name], names[name] = Sources().gather(str(path), READING, seed=5), str(path)
        capsys.readouterr()
        parts = (gathered["train"], gathered.get("dev"), gathered.get("test"))
        report_data((names["train"], names.get("test")), *parts, run_config=run_config)
        return capsys.readouterr().err

    return of


def test_what_matters_is_counted_and_the_next_step_is_named(said: Callable[..., str], tmp_path: Path) -> None:
    assert said(train=TRAIN, dev=TEST[1:3], test=TEST) == (
        "Data: 1 of 7 training rows repeat an earlier one; 2 have a text that appears with several labels; "
        "1 of 2 dev rows (50.0 %) are in training too; "
        "3 of 4 test rows (75.0 %) are in training too; 3 of 4 test rows (75.0 %) are dev rows too. "
        f"Look at them: unrolled check '{tmp_path}/train it.csv' --test '{tmp_path}/test it.csv'\n"
    )
    assert said(train=TRAIN).endswith(f"unrolled check '{tmp_path}/train it.csv'\n")


def test_neither_case_nor_blanks_hide_a_text_and_dev_rows_teach_too(said: Callable[..., str]) -> None:
    told = said(train=TRAIN, dev=[("FIVE", "a"), (" Four", "c")], test=[("  TWO", "b"), ("five", "a"), ("six", "a")])
    assert "1 of 2 dev rows (50.0 %) are in training too; 1 of 3 test rows (33.3 %) are in training too; " in told
    assert "; 1 of 3 test rows (33.3 %) are dev rows too. " in told


def test_what_the_model_to_start_from_has_seen_is_counted_or_unknown(said: Callable[..., str]) -> None:
    base = TextClassifier("logistic").fit(["one", "two", "five", "six"] * 2, ["a", "b"] * 4).model_
    told = said(base, train=TRAIN, test=TEST)
    assert "4 of 4 test rows (100.0 %) are known to the model to start from" in told
    told = said(replace(base, fingerprints=None), train=TRAIN, test=TEST)
    assert "may have been trained on any" in told


def test_the_next_step_repeats_how_the_files_were_read(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    path, packed = tmp_path / "it.data", tmp_path / "test.data"
    content = "body\tstars\n" + "a caf\u00e9\tgood\nsome fun\tbad\nmuch fun\tgood\n" * 9
    path.write_bytes(content.encode("latin-1"))
    packed.write_bytes(content.encode("latin-1"))
    way = ["--format", "csv", "--delimiter", "\\t", "--text-column", "body", "--label-column", "stars"]
    way += ["--encoding", "latin-1", "--max-row-length", "1K"]
    words = ["--skip-bad-rows", "-o", tmp_path / "model", "--encoder", "average", "--max-epochs", 1, *way]
    said = unrolled("train", path, "--test", packed, *words).err
    step = said.partition("Look at them: unrolled ")[2].splitlines()[0]
    done = unrolled(*shlex.split(step))
    assert done.code == 0, done.err
    assert "exact duplicates" in done.out
    said = unrolled("train", "-", "--force", *words, stdin=path.read_bytes()).err
    assert "Data: " in said
    assert "Look at them" not in said, "what came by standard input is gone"


def test_where_nothing_is_wrong_nothing_is_said(said: Callable[..., str]) -> None:
    assert said(train=[*TRAIN[:2], TRAIN[-1]], test=TEST[1:2]) == ""


def test_check_finds_the_same(said: Callable[..., str], unrolled: Callable[..., Any], tmp_path: Path) -> None:
    said(train=TRAIN, test=TEST)
    (found,) = unrolled("check", tmp_path / "train it.csv", "--test", tmp_path / "test it.csv", "--json").answers
    counts = {finding["kind"]: (finding["count"], finding["of"]) for finding in found["findings"]}
    assert counts["test_rows_in_training"] == (3, 4)
    (alone,) = unrolled("check", tmp_path / "train it.csv", "--json").answers
    own = {finding["kind"]: finding["count"] for finding in alone["findings"]}
    assert (own["exact_duplicates"], own["contradictions"], own["labels_alike"]) == (1, 2, 1)


def test_train_says_it_before_the_first_step_once_and_reads_no_file_twice(
    said: Callable[..., str], unrolled: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(train=TRAIN * 3, test=TEST)
    opened = list[str]()
    monkeypatch.setattr("unrolled.data.labelled.read_rows", _noting(opened))
    files = (tmp_path / "train it.csv", "--test", tmp_path / "test it.csv")
    done = unrolled("train", *files, "-o", tmp_path / "model", "--encoder", "average", "--max-epochs", 1)
    lines = done.err.splitlines()
    (line,) = [number for number, line in enumerate(lines) if line.startswith("Data: ")]
    assert line < min(number for number, line in enumerate(lines) if line.startswith("epoch"))
    assert opened == [str(files[0]), str(files[2])]


def _noting(opened: list[str]) -> Callable[..., Any]:
    from unrolled.data.read import read_rows

    def noted(source: str, **options: Any) -> Any:
        opened.append(source)
        return read_rows(source, **options)

    return noted
