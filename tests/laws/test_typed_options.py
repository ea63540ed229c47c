"""Another value than its default for every setting there is → the folder that `train` writes says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands.test_train import read
from unrolled.cli.options import as_typed
from unrolled.errors import SettingError
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.text.text_config import EMBEDDINGS_OF
from unrolled.training.resolve_config import SETTINGS, resolve_config, settings_for

# Less time would end the run, larger steps diverge, and cuda is not everywhere.
FITTING: dict[str, list[Any]] = {"budget": [7200.0], "learning_rate": [0.02], "device": ["auto"]}


def values(encoder: str, names: Iterable[str]) -> dict[str, Any]:
    """Choose another value than its default for each setting, such that all go together."""
    known, chosen = {**SETTINGS, **encoder_options(encoder)}, dict[str, Any]()
    for name in names:
        others: list[Any] = FITTING.get(name) or known[name].other_values()
        fitting = ({**chosen, name: value} for value in others if go_together(encoder, {**chosen, name: value}))
        chosen = next(fitting, chosen)
    return chosen


def go_together(encoder: str, settings: Mapping[str, Any]) -> bool:
    try:
        resolve_config(encoder, None, settings)
    except SettingError:
        return False
    return True


def words(encoder: str, chosen: Mapping[str, Any]) -> list[str]:
    known = {**SETTINGS, **encoder_options(encoder)}
    typed = [word for name, value in chosen.items() for word in as_typed(known[name], value)]
    return [*typed, "--encoder", encoder]


def in_json(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in chosen.items()}


@pytest.mark.parametrize("encoder", encoder_names())
def test_every_option_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, encoder: str
) -> None:
    own, shared = encoder_options(encoder), [name for name in SETTINGS if name != "optimizer"]
    chosen = values(encoder, [*shared, *own])
    assert {*shared, *own} - {*chosen} == {"fingerprints"}  # target_precision needs them
    assert all(value != {**SETTINGS, **own}[name].default for name, value in chosen.items())
    done = unrolled("train", train_csv, *words(encoder, chosen), "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    assert config["encoder"] == encoder
    reading = {"embeddings": EMBEDDINGS_OF[config["reading"].pop("channels")], **config["reading"]}
    recorded = {**config["encoder_options"], **reading, **training["settings"]}
    assert recorded == {"optimizer": "adamw", "fingerprints": True, **in_json(chosen)}
    assert training["seed"] == chosen["random_state"]
    assert (training["stopped"], training["steps"]) == ("max_steps", chosen["max_steps"])
    # Texts with the same first words are one to an encoder that reads no others.
    assert training["rows"] == {"train": 57, "dev": 3}
    assert config["abstention"]["target_precision"] == chosen["target_precision"]


def test_every_option_of_logistic_regression_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    known = [*settings_for("logistic"), *encoder_options("logistic")]
    chosen = values("logistic", known)
    assert {*known} - {*chosen} == {"fingerprints"}
    done = unrolled("train", train_csv, *words("logistic", chosen), "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    recorded = {**config["encoder_options"], **config["reading"], **training["settings"]}
    assert recorded == {"fingerprints": True, **in_json(chosen)}
    assert (training["stopped"], training["steps"]) == ("max_steps", chosen["max_steps"])


def test_every_option_of_hogwild_reaches_the_folder(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    known = ["optimizer", *settings_for("ngrams", "hogwild"), *encoder_options("ngrams")]
    chosen = values("ngrams", known)
    assert chosen["optimizer"] == "hogwild"
    assert {*known} - {*chosen} == {"fingerprints", "num_layers"}  # it trains no layers
    done = unrolled("train", train_csv, *words("ngrams", chosen), "-o", tmp_path / "model")
    assert done.code == 0, done.err
    config, training = read(tmp_path / "model", "config.json"), read(tmp_path / "model", "training.json")
    recorded = {**config["encoder_options"], **config["reading"], **training["settings"]}
    assert {name: recorded[name] for name in chosen} == in_json(chosen)
    assert config["encoder_options"]["num_layers"] == 0
    assert training["repeatable"] is False  # with two threads
    assert "torch" not in training["versions"]


def test_fingerprints_are_left_out_where_it_is_typed(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str]
) -> None:
    typed = as_typed(SETTINGS["fingerprints"], False)
    assert unrolled("train", train_csv, *small, "-o", tmp_path / "model", *typed).code == 0
    training = read(tmp_path / "model", "training.json")
    assert (training["settings"]["fingerprints"], training["fingerprints"]) == (False, None)
    assert not (tmp_path / "model" / "fingerprints.safetensors").exists()
