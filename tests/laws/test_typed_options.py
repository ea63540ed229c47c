"""Another value than its default for every setting there is → the folder that `train` writes says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands.test_train import read
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.text.text_config import EMBEDDINGS_OF
from unrolled.training.resolve_config import SETTINGS, all_options, settings_for

# What is typed, and what the folder then says.
TYPED: dict[str, tuple[list[str], Any]] = {
    "tokens": (["--tokens", "space"], "space"),
    "lowercase": (["--no-lowercase"], False),
    "embedding_dim": (["--embedding-dim", "5"], 5),
    "embeddings": (["--embeddings", "both"], "both"),
    "min_count": (["--min-count", "2"], 2),
    "max_features": (["--max-features", "30"], 30),
    "validation_fraction": (["--validation-fraction", "0.25"], 0.25),
    "target_precision": (["--target-precision", "0.4"], 0.4),
    "fingerprints": (["--no-fingerprints"], False),
    "max_epochs": (["--max-epochs", "3"], 3),
    "patience": (["--patience", "2"], 2),
    "batch_size": (["--batch-size", "16"], 16),
    "optimizer": (["--optimizer", "hogwild"], "hogwild"),
    "learning_rate": (["--learning-rate", "0.02"], 0.02),
    "schedule": (["--schedule", "cosine"], "cosine"),
    "ema_decay": (["--ema-decay", "0.25"], 0.25),
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


def test_nothing_is_left_untyped() -> None:
    assert set(TYPED) == {*SETTINGS, *all_options()}


def together(names: Iterable[str]) -> list[str]:
    """Leave out what can't be typed with --target-precision; --no-fingerprints is typed alone."""
    return [name for name in names if name != "fingerprints"]


@pytest.mark.parametrize("encoder", encoder_names())
def test_every_option_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, encoder: str
) -> None:
    own, shared = encoder_options(encoder), [name for name in together(SETTINGS) if name != "optimizer"]
    words = [word for name in (*shared, *own) for word in TYPED[name][0]]
    done = unrolled("train", train_csv, *words, "--encoder", encoder, "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    assert config["encoder"] == encoder
    assert config["encoder_options"] == {name: TYPED[name][1] for name in own}
    reading = {"embeddings": EMBEDDINGS_OF[config["reading"].pop("channels")], **config["reading"]}
    told = {**reading, **training["settings"]}
    assert told == {"optimizer": "adamw", "fingerprints": True, **{name: TYPED[name][1] for name in shared}}
    assert all(told[name] != SETTINGS[name].default for name in shared)
    assert training["seed"] == 7
    assert (training["stopped"], training["steps"]) == ("max_steps", 5)
    # Texts with the same first words are one to an encoder that reads no others.
    assert training["rows"] == {"train": 45, "dev": 15}
    assert config["abstention"]["target_precision"] == 0.4


def test_every_option_of_logistic_regression_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    known = together([*settings_for("logistic"), *encoder_options("logistic")])
    words = [word for name in known for word in TYPED[name][0]]
    done = unrolled("train", train_csv, *words, "--encoder", "logistic", "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    told = {**config["encoder_options"], **config["reading"], **training["settings"]}
    assert told == {"fingerprints": True, **{name: TYPED[name][1] for name in known}}
    assert (training["stopped"], training["steps"]) == ("max_steps", 5)


def test_every_option_of_hogwild_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    known = together([*settings_for("ngrams", "hogwild"), "ngram_range", "buckets"])
    words = [word for name in known for word in TYPED[name][0]]
    done = unrolled("train", train_csv, *words, "--encoder", "ngrams", "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    told = {**config["encoder_options"], **config["reading"], **training["settings"]}
    assert {name: told[name] for name in known} == {name: TYPED[name][1] for name in known}
    assert config["encoder_options"]["num_layers"] == 0
    assert training["repeatable"] is False  # with two threads
    assert "torch" not in training["versions"]


def test_fingerprints_are_left_out_where_it_is_typed(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str]
) -> None:
    assert unrolled("train", train_csv, *small, "-o", tmp_path / "model", *TYPED["fingerprints"][0]).code == 0
    training = read(tmp_path / "model", "training.json")
    assert (training["settings"]["fingerprints"], training["fingerprints"]) == (False, None)
    assert not (tmp_path / "model" / "fingerprints.safetensors").exists()
