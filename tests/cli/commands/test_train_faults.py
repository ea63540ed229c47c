"""What a user can get wrong, and runs that end badly → an exit code, one line that says what to do, no lost model."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from unrolled.training.state import StepState

CONTENTS: dict[str, bytes] = {
    "empty.csv": b"",
    "header only.csv": b"text,label\n",
    "no columns.csv": b"body,stars\nfine,good\n",
    "bad rows.csv": b"text,label\nfine,good\ndull,bad\nfine\ndull,\n",
    "only bad rows.csv": b"text,label\nfine\ndull,\n",
    "one class.csv": b"text,label\nfine,good\nlovely,good\n",
    "one text a class.csv": b"text,label\nfine,good\ndull,bad\n",
    "utf-16.csv": "text,label\nfine,good\n".encode("utf-16"),
    "not json.jsonl": b"text,label\n",
    "stranger.csv": b"text,label\nfine,good\nodd,strange\n",
    "plain.txt": b"fine\ndull\n",
    "table.xlsx": b"PK",
}

# arguments (TRAIN is a good file; other names are the files above), exit code, a part of the message
WRONG: dict[str, tuple[list[str], int, str]] = {
    "missing file": (["nowhere.csv"], 1, "nowhere.csv"),
    "missing dev file": (["TRAIN", "--dev", "nowhere.csv"], 1, "nowhere.csv"),
    "missing test file": (["TRAIN", "--test", "nowhere.csv"], 1, "nowhere.csv"),
    "empty file": (["empty.csv"], 1, "the file is empty"),
    "no rows": (["header only.csv"], 1, "no row with a text and a label"),
    "wrong columns": (["no columns.csv"], 1, "--text-column"),
    "wrong text column": (["TRAIN", "--text-column", "txet"], 1, "Did you mean 'text'?"),
    "wrong label column": (["TRAIN", "--label-column", "lable"], 1, "Did you mean 'label'?"),
    "bad rows": (
        ["bad rows.csv"],
        1,
        "2 of 4 rows can't be used: row 3 (line 4): expected 2 fields, got 1; row 4 (line 5)",
    ),
    "only bad rows": (["only bad rows.csv", "--skip-bad-rows"], 1, "; 2 bad"),
    "one class": (["one class.csv"], 1, "'good'"),
    "not enough data": (["one text a class.csv"], 1, "--dev"),
    "another encoding": (["utf-16.csv"], 1, "--encoding utf-16"),
    "another format": (["not json.jsonl"], 1, "not valid JSON"),
    "unknown suffix": (["table.xlsx"], 1, "--format"),
    "texts without labels": (["plain.txt"], 1, "no __label__ at its beginning"),
    "unknown dev label": (["TRAIN", "--dev", "stranger.csv"], 1, "'strange'"),
    "a folder without classes": ([".", "-o", "../model"], 1, "<label>"),
    "unknown format": (["TRAIN", "--format", "parkay"], 2, "'parkay'"),
    "unknown encoder": (["TRAIN", "--encoder", "lsmt"], 2, "Did you mean 'lstm'?"),
    "option of another encoder": (["TRAIN", "--filter-sizes", "2,3", "--encoder", "lstm"], 2, "belongs to cnn"),
    "a filter longer than any text": (
        ["TRAIN", "--filter-sizes", "2,90"],
        2,
        "longer than the longest training text",
    ),
    "n-grams longer than any text": (
        ["TRAIN", "--encoder", "ngrams", "--ngram-range", "50,60"],
        2,
        "n-grams of at least 50 words are longer",
    ),
    "an encoder in capitals": (["TRAIN", "--encoder", "LSTM"], 2, "Did you mean 'lstm'?"),
    "a filter beyond all reason": (["nowhere.csv", "--filter-sizes", "2,1001"], 2, "at most 1,000"),
    "heads that don't divide": (
        ["nowhere.csv", "--encoder", "transformer", "--num-heads", "5"],
        2,
        "1, 2, 4, 8, 16, 32, 64, 128",
    ),
    "a range backwards": (["nowhere.csv", "--encoder", "ngrams", "--ngram-range", "3,1"], 2, "Write 1,3."),
    "no layers": (["nowhere.csv", "--encoder", "gru", "--num-layers", "0"], 2, "num_layers"),
    "a gate of others": (["nowhere.csv", "--encoder", "rnn", "--reset", "after"], 2, "belongs to gru"),
    "impossible for this encoder": (["TRAIN", "--num-layers", "0", "--encoder", "lstm"], 2, "num_layers"),
    "more than there is memory": (["TRAIN", "--embedding-dim", "2000000000"], 1, "embedding"),
    "a rate that decays below nothing": (["TRAIN", "--learning-rate", "100", "--weight-decay", "0.01"], 1, ""),
}

IMPOSSIBLE = [
    ("--max-epochs", "0"),
    ("--max-steps", "-1"),
    ("--learning-rate", "nan"),
    ("--learning-rate", "-1"),
    ("--dropout", "1"),
    ("--budget", "soon"),
    ("--budget", "-5s"),
    ("--filter-sizes", "two"),
    ("--filter-sizes", ""),
    ("--ngram-range", "1,2,3"),
    ("--ngram-range", "0,2"),
    ("--nonlinearity", "sine"),
    ("--schedule", "polynomial"),
    ("--validation-fraction", "1"),
    ("--seed", "-1"),
    ("--device", "tpu"),
]


@pytest.fixture
def at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with every kind of wrong file."""
    for name, content in CONTENTS.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert {path.name for path in tmp_path.iterdir()} == set(CONTENTS), "a failed run left something behind"


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_told_in_one_line_and_nothing_is_written(
    unrolled: Callable[..., Any], at_work: Path, train_csv: Path, small: list[str], mistake: str
) -> None:
    words, code, part = WRONG[mistake]
    given = [str(train_csv) if word == "TRAIN" else word for word in words]
    assert part in unrolled("train", *small[2:4], "--max-epochs", "2", "-o", "model", *given).error(code)


@pytest.mark.parametrize(("option", "value"), IMPOSSIBLE)
def test_an_impossible_value_is_wrong_usage(
    unrolled: Callable[..., Any], at_work: Path, train_csv: Path, option: str, value: str
) -> None:
    done = unrolled("train", train_csv, "-o", "model", option, value)
    assert (done.code, done.out) == (2, "")
    assert option in done.err or f"setting '{option[2:].replace('-', '_')}'" in done.err
    assert "Traceback" not in done.err


def test_more_threads_than_a_machine_can_count_are_an_impossible_value(
    unrolled: Callable[..., Any], at_work: Path, train_csv: Path
) -> None:
    done = unrolled("train", train_csv, "-o", "model", "--threads", 10**13)
    assert (done.code, done.out) == (2, "")


@pytest.mark.skipif(torch.cuda.is_available(), reason="here is a GPU")
def test_a_device_that_is_not_there_is_told(unrolled: Callable[..., Any], at_work: Path, train_csv: Path) -> None:
    assert "'cuda'" in unrolled("train", train_csv, "-o", "model", "--device", "cuda").error(2)


def test_without_torch_the_extra_is_named(
    unrolled: Callable[..., Any], at_work: Path, train_csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unrolled.environment.packages.find_spec", lambda name: None)
    assert "pip install 'unrolled[train]'" in unrolled("train", train_csv, "-o", "model").error()


@pytest.mark.parametrize(
    "place", ["full", "file.txt", "file.txt/model", "/proc/model", "n" * 300], ids=lambda p: p[:20]
)
@pytest.mark.parametrize("force", [[], ["--force"]], ids=["plain", "force"])
def test_a_place_that_cannot_take_the_model_is_refused_before_training(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str], place: str, force: list[str]
) -> None:
    (tmp_path / "full").mkdir()
    for name in ("full/thesis.tex", "file.txt"):
        (tmp_path / name).write_text("years of work")
    done = unrolled("train", train_csv, "-o", tmp_path / place, *small, *force)
    assert (place if Path(place).is_absolute() else str(tmp_path / Path(place).parts[0])) in done.error()
    assert "epoch" not in done.err
    assert {p.name for p in tmp_path.rglob("*")} == {"full", "thesis.tex", "file.txt"}
    assert (tmp_path / "full/thesis.tex").read_text() == "years of work"


@pytest.mark.parametrize("batch", ["8", "64"])
def test_a_learning_rate_that_explodes_ends_with_the_step_s_number(
    unrolled: Callable[..., Any], at_work: Path, train_csv: Path, small: list[str], batch: str
) -> None:
    """One batch an epoch is judged on dev texts before the loss can show the damage."""
    done = unrolled("train", train_csv, "-o", "model", *small, "--learning-rate", "1e30", "--batch-size", batch)
    assert "step " in done.error()
    assert "nan" not in done.err


def test_the_best_model_so_far_is_kept_when_the_loss_is_no_longer_finite(
    unrolled: Callable[..., Any],
    tmp_path: Path,
    train_csv: Path,
    small: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step = StepState.step
    monkeypatch.setattr(StepState, "step", lambda *told: math.nan if told[1] == 4 else step(*told))
    done = unrolled("train", train_csv, "-o", tmp_path / "model", *small, "--batch-size", "27")  # two steps an epoch
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("Error: step 5:")
    assert json.loads((tmp_path / "model" / "training.json").read_text())["stopped"] == "not_finite"
    assert len((tmp_path / "model" / "history.jsonl").read_text().splitlines()) == 2
    assert len(unrolled("predict", tmp_path / "model", train_csv).answers) == 60


def test_test_texts_that_cannot_be_judged_never_cost_a_trained_model(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str], write: Callable[..., Path]
) -> None:
    """A wrong label column of the test file is told before training, or else after the model is saved."""
    rows = [{"text": "fine", "label": f"review {number}"} for number in range(1001)]
    done = unrolled("train", train_csv, "-o", tmp_path / "model", *small, "--test", write(tmp_path / "test.csv", rows))
    assert done.code == 1
    assert "epoch" not in done.err or (tmp_path / "model" / "config.json").is_file()


def test_ctrl_c_ends_a_run_early_and_rightly(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str]
) -> None:
    endless = ["--max-epochs", "1000000", "--patience", "1000000", "--budget", "60s"]  # were Ctrl-C not to work
    words = [sys.executable, "-m", "unrolled", "train", str(train_csv), *small, *endless, "-o", str(tmp_path / "model")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert next(line for line in process.stderr if line.startswith("epoch"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "accuracy" in out
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert json.loads((tmp_path / "model" / "training.json").read_text())["stopped"] == "interrupted"
    assert len(unrolled("predict", tmp_path / "model", train_csv).answers) == 60


def test_a_model_that_overflows_on_the_test_texts_is_saved_and_said_to_be(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    (tmp_path / "long.csv").write_text(f"text,label\n{'fine ' * 4000},good\n{'dull ' * 4000},bad\n")
    network = ["--encoder", "gru", "--update-gate", "tanh", "--hidden-size", "32", "--max-epochs", "4"]
    done = unrolled("train", train_csv, "-o", tmp_path / "model", *network, "--test", tmp_path / "long.csv")
    assert done.code == 1
    assert f"Wrote {tmp_path / 'model'}." in done.err
    assert "numbers overflow" in done.err.splitlines()[-1]
    assert unrolled("predict", tmp_path / "model", train_csv).code == 0
