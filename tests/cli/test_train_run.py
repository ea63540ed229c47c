"""Settings, files and a place → what can't work is refused before the first step; then train, judge, save."""

from __future__ import annotations

import importlib
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled import TextClassifier
from unrolled.cli.run_folder import RunFolder
from unrolled.cli.sources import Sources
from unrolled.cli.train_run import Files, train_and_save
from unrolled.errors import DataError, FolderError, SettingError

SETTINGS: dict[str, Any] = {"embedding_dim": 4, "hidden_size": 3, "max_epochs": 2}


@pytest.fixture
def train(tmp_path: Path, train_csv: Path) -> Callable[..., Any]:
    """How to train on the small file into `model`."""

    def trained(
        files: Files | None = None, output: str = "model", *, force: bool = False, **settings: Any
    ) -> TextClassifier | None:
        files = files or Files(str(train_csv), None, None)
        given = {**SETTINGS, **settings}
        place, began = tmp_path / output, time.monotonic()
        return train_and_save("average", given, files, Sources(), RunFolder(place, force=force), started=began)

    return trained


def test_the_trained_classifier_and_the_folder_are_the_same_function(
    train: Callable[..., TextClassifier], tmp_path: Path
) -> None:
    texts = ["fine lovely", "", "dull"]
    expected = train().predict_proba(texts)
    np.testing.assert_array_equal(TextClassifier.from_pretrained(tmp_path / "model").predict_proba(texts), expected)


def test_a_wrong_setting_is_told_before_the_place_and_the_place_before_the_files(
    train: Callable[..., TextClassifier], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From what is known at once to what takes long to read."""
    (tmp_path / "taken").write_text("a file")
    nowhere = Files("nowhere.csv", None, None)
    with pytest.raises(SettingError, match="hidden_size"):
        train(nowhere, "taken", hidden_size=0)
    with pytest.raises(FolderError, match="taken"):
        train(nowhere, "taken")
    with pytest.raises(DataError, match=r"nowhere\.csv"):
        train(nowhere)
    assert capsys.readouterr() == ("", "")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_all_files_are_read_before_the_first_step(
    train: Callable[..., TextClassifier], train_csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for files in (Files(str(train_csv), "nowhere.csv", None), Files(str(train_csv), None, "nowhere.csv")):
        with pytest.raises(DataError, match=r"nowhere\.csv"):
            train(files)
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch" not in err


def test_how_it_ended_and_what_to_do_next_are_said(
    train: Callable[..., TextClassifier], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classifier = train(max_steps=3)
    out, err = capsys.readouterr()
    stopped, arithmetic, wrote = err.splitlines()[-3:]
    assert arithmetic.startswith("Backend: ")
    assert f"max_steps after 3 steps; the model of step {classifier.training_['best_step']} is kept" in stopped
    assert f"unrolled predict {tmp_path / 'model'} FILE" in wrote
    assert out.startswith("dev: ")
    assert "optimistic" in out


def test_what_is_printed_is_what_the_folder_says(
    train: Callable[..., TextClassifier], train_csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(Files(str(train_csv), None, str(train_csv)))
    metrics = json.loads((tmp_path / "model" / "metrics.json").read_text())
    out = capsys.readouterr().out
    assert list(metrics) == ["test"]
    assert f"test: {metrics['test']['rows']} rows" in out
    assert "optimistic" not in out
    assert f"{100 * metrics['test']['accuracy']['value']:.1f} %" in out
    card = (tmp_path / "model" / "README.md").read_text()
    assert f"| test | 60 | {100 * metrics['test']['accuracy']['value']:.1f} %" in card


def test_an_interruption_of_the_judging_leaves_the_model(
    unrolled: Any, train_csv: Path, small: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("unrolled.cli.train_run.evaluate", interrupted)
    assert unrolled("train", train_csv, "-o", tmp_path / "model", *small).code != 0
    monkeypatch.undo()
    assert len(unrolled("predict", tmp_path / "model", train_csv).answers) == 60


@pytest.mark.parametrize(
    "moment",
    ["unrolled.training.fit._record", "unrolled.cli.train_run._save", "unrolled.cli.train_run._evaluate"],
)
@pytest.mark.parametrize("words", [[], ["--encoder", "logistic"], ["--optimizer", "hogwild"]], ids=str)
def test_sigterm_behind_the_last_step_leaves_the_model_and_says_so(
    unrolled: Any, train_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], moment: str
) -> None:
    words = words if "logistic" in words else ["--encoder", "average", "--max-epochs", "2", *words]
    owner, name = moment.rsplit(".", 1)
    real = getattr(importlib.import_module(owner), name)

    def asked(*given: Any, **named: Any) -> Any:
        signal.raise_signal(signal.SIGTERM)
        return real(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(moment, asked)
        done = unrolled("train", train_csv, "-o", tmp_path / "model", *words)
    assert done.code == 143
    assert done.err.splitlines()[-1] == (
        f"Ended by SIGTERM; {tmp_path / 'model'} is written, and with --resume the same command also judges it."
    )
    assert len(unrolled("predict", tmp_path / "model", train_csv).answers) == 60
    assert unrolled("train", train_csv, "-o", tmp_path / "model", *words, "--resume").code == 0
    assert (tmp_path / "model" / "metrics.json").exists()


def test_sigterm_before_there_is_anything_to_keep_says_so(
    unrolled: Any, train_csv: Path, small: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unrolled.training.fit.identity", lambda *_: signal.raise_signal(signal.SIGTERM))
    done = unrolled("train", train_csv, "-o", tmp_path / "model", *small)
    assert (done.code, done.err.splitlines()[-1]) == (143, "Ended by SIGTERM; nothing was trained yet.")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_a_budget_that_is_over_cuts_the_judging_short_and_says_so(
    unrolled: Any, train_csv: Path, small: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unrolled.cli.train_run.SLACK", -1000.0)
    done = unrolled("train", train_csv, "-o", tmp_path / "model", *small, "--budget", "60s")
    assert (done.code, done.out) == (0, "")
    assert "budget is over" in done.err
    assert (tmp_path / "model" / "model.safetensors").is_file()
    assert not (tmp_path / "model" / "metrics.json").exists()
