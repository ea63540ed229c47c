"""Small labelled files → logistic regression and hogwild, trained, judged and used without torch."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_train import FILES, read


def test_logistic_regression_is_trained_judged_and_used_and_predict_needs_no_scikit_learn(
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
    code = (
        "import sys\n"
        f"sys.argv = ['unrolled', 'predict', {str(folder)!r}, {str(train_csv)!r}, '--all-probabilities']\n"
        "from unrolled.terminal.application import main\n"
        "try: main()\n"
        "except SystemExit as exit_: assert not exit_.code\n"
        "print(sorted({'sklearn', 'scipy', 'torch'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    *answers, loaded = run.stdout.splitlines()
    assert loaded == "[]"
    assert [json.loads(line) for line in answers] == unrolled(
        "predict", folder, train_csv, "--all-probabilities"
    ).answers


@pytest.mark.parametrize("words", [("--dropout", "0.5"), ("--hidden-size", "3"), ("--ngram-range", "2,1")], ids=str)
def test_what_logistic_regression_lacks_is_refused_before_any_data_is_read(
    unrolled: Callable[..., Any], tmp_path: Path, words: tuple[str, str]
) -> None:
    done = unrolled("train", tmp_path / "nowhere.csv", "-o", tmp_path / "model", "--encoder", "logistic", *words)
    assert words[0].removeprefix("--").replace("-", "_") in done.error(2)


def test_training_logistic_regression_needs_no_torch(tmp_path: Path, train_csv: Path) -> None:
    code = (
        "import sys\nfrom unrolled import TextClassifier\n"
        "TextClassifier('logistic').fit(['a fine film', 'a dull film'] * 9 + ['fun', 'awful'], [1, 0] * 10)\n"
        "print('torch' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout == "False\n"


def test_hogwild_is_trained_judged_and_used_and_needs_no_torch(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    folder = tmp_path / "model"
    code = (
        "import sys\n"
        f"sys.argv = ['unrolled', 'train', {str(train_csv)!r}, '-o', {str(folder)!r}, '--test', {str(train_csv)!r},\n"
        "    '--encoder', 'ngrams', '--optimizer', 'hogwild', '--max-epochs', '30']\n"
        "from unrolled.terminal.application import main\n"
        "try: main()\n"
        "except SystemExit as exit_: assert not exit_.code\n"
        "print(sorted({'sklearn', 'scipy', 'torch'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
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
