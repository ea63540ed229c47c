"""Small labelled files → logistic regression and hogwild, trained and judged; `installations` has no torch then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands.test_train import FILES, read


def test_logistic_regression_is_trained_and_judged(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    folder = tmp_path / "model"
    done = unrolled("train", train_csv, "-o", folder, "--encoder", "logistic", "--test", train_csv)
    assert done.code == 0, done.err
    assert {path.name for path in folder.iterdir()} == FILES | {"vocabulary.json"}
    assert {"film", "film ,"} <= set(read(folder, "vocabulary.json"))
    assert read(folder, "training.json")["stopped"] == "converged"
    (evaluation,) = unrolled("evaluate", folder, train_csv, "--json").answers
    assert evaluation == read(folder, "metrics.json")["test"]
    assert evaluation["accuracy"]["value"] > 0.9


@pytest.mark.parametrize("words", [("--dropout", "0.5"), ("--hidden-size", "3"), ("--ngram-range", "2,1")], ids=str)
def test_what_logistic_regression_lacks_is_refused_before_any_data_is_read(
    unrolled: Callable[..., Any], tmp_path: Path, words: tuple[str, str]
) -> None:
    done = unrolled("train", tmp_path / "nowhere.csv", "-o", tmp_path / "model", "--encoder", "logistic", *words)
    assert words[0].removeprefix("--").replace("-", "_") in done.error(2)


def test_hogwild_is_trained_and_judged(unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path) -> None:
    folder = tmp_path / "model"
    words = ("--encoder", "ngrams", "--optimizer", "hogwild", "--max-epochs", "30")
    done = unrolled("train", train_csv, "-o", folder, "--test", train_csv, *words)
    assert done.code == 0, done.err
    assert {path.name for path in folder.iterdir()} == FILES | {"vocabulary.json"}
    (evaluation,) = unrolled("evaluate", folder, train_csv, "--json").answers
    assert evaluation == read(folder, "metrics.json")["test"]
    assert evaluation["accuracy"]["value"] > 0.9
    assert read(folder, "training.json")["repeatable"] is True


@pytest.mark.parametrize(
    "words",
    [
        ("--encoder", "ngrams", "--num-layers", "1"),
        ("--encoder", "ngrams", "--dropout", "0.5"),
        ("--encoder", "ngrams", "--batch-size", "32"),
        ("--encoder", "cnn"),
        ("--encoder", "logistic"),
    ],
    ids=" ".join,
)
def test_what_hogwild_lacks_is_refused_before_any_data_is_read(
    unrolled: Callable[..., Any], tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = unrolled("train", tmp_path / "nowhere.csv", "-o", tmp_path / "model", "--optimizer", "hogwild", *words)
    named = words[2].removeprefix("--").replace("-", "_") if len(words) > 2 else "optimizer"
    assert f"setting '{named}'" in done.error(2)
