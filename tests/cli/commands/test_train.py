"""Small labelled files → the folder that `train` writes, what it says on the way, and that options reach the model."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.kernels import gpu

FILES = {
    "README.md",
    "config.json",
    "fingerprints.safetensors",
    "history.jsonl",
    "manifest.json",
    "metrics.json",
    "model.safetensors",
    "training.json",
}
EPOCH = re.compile(
    r"epoch +(?P<epoch>\d+) .*\bloss +(?P<loss>\S+) .*\bdev loss +(?P<dev_loss>\S+) +"
    r"dev accuracy +(?P<accuracy>\S+) %.* (?P<speed>[\d,]+) words/s"
)


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def bits(folder: Path, *names: str) -> Mapping[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names or ("model.safetensors", "vocabulary.json")}


@pytest.fixture
def train(unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str]) -> Callable[..., Any]:
    """How to train on the small file, or another, into a folder of the test's own: (what was said, the folder)."""

    def trained(*options: object, data: object = train_csv, name: str = "model", **more: Any) -> Any:
        done = unrolled("train", data, "-o", tmp_path / name, *small, *options, **more)
        assert done.code == 0, done.err
        return done, tmp_path / name

    return trained


def test_a_run_writes_the_folder_and_nothing_beside_it(train: Callable[..., Any], tmp_path: Path) -> None:
    _, folder = train()
    assert {path.name for path in folder.iterdir()} == FILES | {"vocabulary.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    weights = load_file(folder / "model.safetensors")
    assert all(np.isfinite(weight).all() for weight in weights.values())
    assert read(folder, "config.json")["labels"] == ["bad", "good", "mixed"]


def test_results_are_printed_and_progress_is_said(train: Callable[..., Any]) -> None:
    done, folder = train()
    history = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    assert [record["epoch"] for record in history] == [1, 2, 3]
    lines = [line for line in done.err.splitlines() if line.startswith("epoch")]
    for line, record in zip(lines, history, strict=True):
        told = EPOCH.match(line)
        assert told, line
        assert int(told["epoch"]) == record["epoch"]
        assert float(told["loss"]) == pytest.approx(record["loss"], abs=5.1e-4)
        assert float(told["dev_loss"]) == pytest.approx(record["dev_loss"], abs=5.1e-4)
        assert float(told["accuracy"]) == pytest.approx(100 * record["dev_accuracy"], abs=0.051)
        assert int(told["speed"].replace(",", "")) == pytest.approx(record["words_per_second"], abs=0.51)
    assert "epoch" not in done.out
    assert "words/s" not in done.out
    share = 100 * read(folder, "metrics.json")["dev"]["accuracy"]["value"]
    assert re.search(rf"^accuracy +{share:.1f} %", done.out, re.MULTILINE)
    assert "macro F1" not in done.err


ON_GPU = {
    "torch's recurrent kernels on the GPU.": [
        ["--encoder", "lstm"],
        ["--encoder", "rnn"],
        ["--encoder", "gru", "--reset", "after"],
    ],
    "torch on the GPU, without a kernel for this network.": [
        ["--encoder", "gru"],
        ["--encoder", "gru", "--reset", "after", "--update-gate", "tanh"],
        ["--encoder", "rnn", "--nonlinearity", "sigmoid"],
        ["--encoder", "cnn"],
    ],
}


@pytest.mark.parametrize(
    "device",
    [
        "cpu",
        "rehearsal",
        pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU for torch")),
    ],
)
@pytest.mark.parametrize(("told", "words"), [(told, words) for told, several in ON_GPU.items() for words in several])
def test_which_arithmetic_trained_is_said_once(
    unrolled: Callable[..., Any],
    tmp_path: Path,
    train_csv: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: str,
    words: list[str],
    device: str,
) -> None:
    monkeypatch.setattr(gpu, "USED", set())
    more = ["--embedding-dim", "4", "--max-epochs", "1", "--device", device.replace("rehearsal", "cpu")]
    with rehearsal() if device == "rehearsal" else nullcontext():
        done = unrolled("train", train_csv, "-o", tmp_path / "model", *more, *words)
    assert done.code == 0, done.err
    (said,) = [line for line in done.err.splitlines() if line.startswith("Backend: ")]
    assert "GPU" not in said if device == "cpu" else said == f"Backend: {told}"


def test_options_of_reading_decide_the_words(train: Callable[..., Any]) -> None:
    _, folder = train(name="as by default")
    assert {"film", ",", "no1"} <= set(read(folder, "vocabulary.json"))
    _, folder = train("--tokens", "space", "--no-lowercase", name="as they stand")
    assert {"Film,", "No1"} <= set(read(folder, "vocabulary.json"))
    assert not {"film", ",", "no1", "Film"} & set(read(folder, "vocabulary.json"))


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(train: Callable[..., Any]) -> None:
    names = ("model.safetensors", "config.json", "vocabulary.json")
    folders = [train("--seed", seed, name=name)[1] for name, seed in (("a", 3), ("b", 3), ("c", 4))]
    assert bits(folders[0], *names) == bits(folders[1], *names)
    assert bits(folders[0], "model.safetensors") != bits(folders[2], "model.safetensors")


@pytest.mark.parametrize("suffix", [".tsv", ".jsonl"])
def test_the_format_of_the_file_changes_nothing(
    train: Callable[..., Any], write: Callable[..., Path], reviews: Any, tmp_path: Path, suffix: str
) -> None:
    _, folder = train(name="of csv")
    _, other = train(data=write(tmp_path / f"train{suffix}", reviews(60)), name="of another")
    assert bits(folder) == bits(other)


def test_standard_input_is_a_file(train: Callable[..., Any], train_csv: Path) -> None:
    _, folder = train(name="of the file")
    _, other = train("--format", "csv", data="-", stdin=train_csv.read_bytes(), name="of standard input")
    assert bits(folder) == bits(other)


def test_a_folder_by_class_gives_its_folders_as_labels(
    train: Callable[..., Any], write: Callable[..., Path], reviews: Any, tmp_path: Path
) -> None:
    _, folder = train(data=write(tmp_path / "by class", reviews(60)))
    assert read(folder, "config.json")["labels"] == ["bad", "good", "mixed"]
    assert sum(read(folder, "training.json")["rows"].values()) == 60


def test_several_text_columns_are_joined_and_columns_go_by_name(
    train: Callable[..., Any], write: Callable[..., Path], reviews: Any, tmp_path: Path
) -> None:
    rows = reviews(60)
    apart = [{"stars": row["label"], "body": row["text"], "subject": row["id"], "text": "x"} for row in rows]
    joined = [{"text": f"{row['id']}\n{row['text']}", "label": row["label"]} for row in rows]
    _, folder = train(data=write(tmp_path / "joined.csv", joined), name="a")
    columns = ("--text-column", "subject,body", "--label-column", "stars")
    _, other = train(*columns, data=write(tmp_path / "apart.csv", apart), name="b")
    assert bits(folder) == bits(other)


def test_given_dev_texts_are_judged_on_and_never_trained_on(
    train: Callable[..., Any], write: Callable[..., Path], reviews: Any, tmp_path: Path
) -> None:
    dev = [{"text": f"unheardof {row['text']}", "label": row["label"]} for row in reviews(12, seed=1)]
    _, folder = train("--dev", write(tmp_path / "dev.jsonl", dev))
    assert read(folder, "training.json")["rows"] == {"train": 60, "dev": 12}
    assert read(folder, "metrics.json")["dev"]["rows"] == 12
    assert "unheardof" not in read(folder, "vocabulary.json")


def test_test_texts_are_judged_on_and_change_nothing(
    train: Callable[..., Any], write: Callable[..., Path], reviews: Any, tmp_path: Path, unrolled: Callable[..., Any]
) -> None:
    held_out = write(tmp_path / "test.tsv", reviews(21, seed=2))
    plain, judged = train(name="plain")[1], train("--test", held_out, name="judged")[1]
    assert bits(plain) == bits(judged)
    (evaluation,) = unrolled("evaluate", judged, held_out, "--json").answers
    assert read(judged, "metrics.json")["test"] == evaluation


def test_a_label_that_only_the_test_texts_have_is_counted(
    train: Callable[..., Any], write: Callable[..., Path], reviews: Any, tmp_path: Path
) -> None:
    rows = [
        *reviews(9, seed=2),
        {"id": "x", "text": "odd", "label": "strange"},
        {"id": "y", "text": "", "label": "strange"},
    ]
    done, folder = train("--test", write(tmp_path / "test.csv", rows))
    metrics = read(folder, "metrics.json")["test"]
    assert metrics["unseen_labels"] == {"strange": 2}
    assert metrics["rows"] == 11
    assert "strange (2 rows)" in done.out


def test_bad_rows_are_listed_with_number_and_reason_and_left_out(
    train: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    damaged = tmp_path / "damaged.csv"
    damaged.write_bytes(train_csv.read_bytes() + b"x1,only two fields\r\nx2,no label,\r\nx3,\xff,good\r\n")
    done, folder = train("--skip-bad-rows", data=damaged, name="of the damaged file")
    skipped = [line for line in done.err.splitlines() if line.startswith("skipped ")]
    reasons = ["expected 3 fields, got 2", "label", "UTF-8"]
    for line, number, reason in zip(skipped, (61, 62, 63), reasons, strict=True):
        assert f"row {number} (line {number + 1})" in line
        assert reason in line
    assert "63 rows, 60 used" in done.err
    assert bits(folder) == bits(train(name="of the whole file")[1])


@pytest.mark.torture
def test_a_budget_is_kept_and_its_steps_repeat_the_run(train: Callable[..., Any]) -> None:
    endless = ("--max-epochs", "100000", "--patience", "100000")
    done, folder = train(*endless, "--budget", "1s", name="by time")
    training = read(folder, "training.json")
    assert training["stopped"] == "budget"
    assert training["best_step"] <= training["steps"]
    assert "budget" in done.err
    _, again = train(*endless, "--max-steps", training["steps"], name="by steps")
    assert read(again, "training.json")["stopped"] == "max_steps"
    assert bits(folder) == bits(again)


def test_a_budget_counts_from_the_start_of_the_command(
    train: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = SimpleNamespace(monotonic=lambda: time.monotonic() - 7200)
    monkeypatch.setattr("unrolled.cli.app.time", long_ago)
    _, folder = train("--budget", "1h")
    assert (read(folder, "training.json")["stopped"], read(folder, "training.json")["steps"]) == ("budget", 0)
    assert read(folder, "training.json")["seconds"] >= 7200


def test_a_budget_that_is_too_short_for_a_step_still_leaves_a_model(
    train: Callable[..., Any], unrolled: Callable[..., Any], train_csv: Path
) -> None:
    done, folder = train("--budget", "0.001s")
    assert (read(folder, "training.json")["stopped"], read(folder, "training.json")["steps"]) == ("budget", 0)
    assert "nan" not in done.err
    assert len(unrolled("predict", folder, train_csv).answers) == 60


def test_force_replaces_an_older_model(train: Callable[..., Any]) -> None:
    _, folder = train("--seed", "1")
    older = bits(folder)
    train("--seed", "2", "--force")
    assert older != bits(folder)
    assert {path.name for path in folder.iterdir()} == FILES | {"vocabulary.json"}
