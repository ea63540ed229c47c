"""Small labelled files → the folder that `train` writes, what it says on the way, and that options reach the model."""

from __future__ import annotations

import json
import re
import subprocess
import sys
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

from unrolled.choices import SETTINGS, all_options, settings_for
from unrolled.kernels import gpu
from unrolled.model.find_encoder import encoder_names, encoder_options

FILES = {"README.md", "config.json", "history.jsonl", "metrics.json", "model.safetensors", "training.json"}
EPOCH = re.compile(
    r"epoch +(?P<epoch>\d+) .*\bloss +(?P<loss>\S+) .*\bdev loss +(?P<dev_loss>\S+) +"
    r"dev accuracy +(?P<accuracy>\S+) %.* (?P<speed>[\d,]+) words/s"
)

# Another value than the default for every setting there is: what is typed, and what the folder then says.
TYPED: dict[str, tuple[list[str], Any]] = {
    "tokens": (["--tokens", "space"], "space"),
    "lowercase": (["--no-lowercase"], False),
    "embedding_dim": (["--embedding-dim", "5"], 5),
    "channels": (["--channels", "static+tuned"], "static+tuned"),
    "min_count": (["--min-count", "2"], 2),
    "max_features": (["--max-features", "30"], 30),
    "validation_fraction": (["--validation-fraction", "0.25"], 0.25),
    "max_epochs": (["--max-epochs", "3"], 3),
    "patience": (["--patience", "2"], 2),
    "batch_size": (["--batch-size", "16"], 16),
    "optimizer": (["--optimizer", "hogwild"], "hogwild"),
    "learning_rate": (["--learning-rate", "0.02"], 0.02),
    "schedule": (["--schedule", "cosine"], "cosine"),
    "weight_decay": (["--weight-decay", "0.5"], 0.5),
    "max_grad_norm": (["--max-grad-norm", "2"], 2.0),
    "dropout": (["--dropout", "0.25"], 0.25),
    "embedding_dropout": (["--embedding-dropout", "0"], 0.0),
    "label_smoothing": (["--label-smoothing", "0.1"], 0.1),
    "class_weight": (["--class-weight", "balanced"], "balanced"),
    "max_steps": (["--max-steps", "5"], 5),
    "budget": (["--budget", "2h"], 7200.0),
    "device": (["--device", "auto"], "auto"),
    "threads": (["--threads", "2"], 2),
    "random_state": (["--seed", "7"], 7),
    "hidden_size": (["--hidden-size", "4"], 4),
    "num_layers": (["--num-layers", "2"], 2),
    "filter_sizes": (["--filter-sizes", "1,2"], [1, 2]),
    "num_filters": (["--num-filters", "3"], 3),
    "bidirectional": (["--bidirectional"], True),
    "pooling": (["--pooling", "max"], "max"),
    "forget_gate_bias": (["--forget-gate-bias", "-0.5"], -0.5),
    "nonlinearity": (["--nonlinearity", "relu"], "relu"),
    "reset": (["--reset", "after"], "after"),
    "update_gate": (["--update-gate", "tanh"], "tanh"),
    "C": (["--C", "2"], 2.0),
    "features": (["--features", "counts"], "counts"),
    "max_length": (["--max-length", "4"], 4),
    "ngram_range": (["--ngram-range", "1,3"], [1, 3]),
    "buckets": (["--buckets", "30"], 30),
    "num_heads": (["--num-heads", "2"], 2),
    "dim_feedforward": (["--dim-feedforward", "6"], 6),
    "norm_first": (["--no-norm-first"], False),
}


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
    "torch's recurrent kernels on the GPU, plain around them.": [
        ["--encoder", "lstm"],
        ["--encoder", "rnn"],
        ["--encoder", "gru", "--reset", "after"],
    ],
    "plain on the GPU, as torch has no kernel of this network.": [
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
    with gpu.rehearsal() if device == "rehearsal" else nullcontext():
        done = unrolled("train", train_csv, "-o", tmp_path / "model", *more, *words)
    assert done.code == 0, done.err
    (said,) = [line for line in done.err.splitlines() if line.startswith("Arithmetic: ")]
    assert "GPU" not in said if device == "cpu" else said == f"Arithmetic: {told}"


def test_nothing_is_left_untyped() -> None:
    assert set(TYPED) == {*SETTINGS, *all_options()}


@pytest.mark.parametrize("encoder", encoder_names())
def test_every_option_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, encoder: str
) -> None:
    own, shared = encoder_options(encoder), [name for name in SETTINGS if name != "optimizer"]
    words = [word for name in (*shared, *own) for word in TYPED[name][0]]
    done = unrolled("train", train_csv, *words, "--encoder", encoder, "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    assert config["encoder"] == encoder
    assert config["encoder_options"] == {name: TYPED[name][1] for name in own}
    told = {**config["reading"], **training["settings"]}
    assert told == {"optimizer": "adamw", **{name: TYPED[name][1] for name in shared}}
    assert all(told[name] != SETTINGS[name].default for name in shared)
    assert training["seed"] == 7
    assert (training["stopped"], training["steps"]) == ("max_steps", 5)
    assert training["rows"] == {"train": 45, "dev": 15}


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
    monkeypatch.setattr("unrolled.terminal.application.time", long_ago)
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


def test_every_option_of_logistic_regression_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    known = [*settings_for("logistic"), *encoder_options("logistic")]
    words = [word for name in known for word in TYPED[name][0]]
    done = unrolled("train", train_csv, *words, "--encoder", "logistic", "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    assert {**config["encoder_options"], **config["reading"], **training["settings"]} == {n: TYPED[n][1] for n in known}
    assert (training["stopped"], training["steps"]) == ("max_steps", 5)


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


def test_every_option_of_hogwild_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    known = [*settings_for("ngrams", "hogwild"), "ngram_range", "buckets"]
    words = [word for name in known for word in TYPED[name][0]]
    done = unrolled("train", train_csv, *words, "--encoder", "ngrams", "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    told = {**config["encoder_options"], **config["reading"], **training["settings"]}
    assert {name: told[name] for name in known} == {name: TYPED[name][1] for name in known}
    assert config["encoder_options"]["num_layers"] == 0
    assert training["repeatable"] is False  # with two threads
    assert "torch" not in training["versions"]


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
