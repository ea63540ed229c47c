"""Settings by name → the checked choices of a run, or a SettingError that names the setting and what would do."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.errors import SettingError
from unrolled.model.registry import encoder_options, network_names
from unrolled.text.text_config import TextConfig
from unrolled.training.data_config import DataConfig
from unrolled.training.learners.hogwild import HogwildLearner
from unrolled.training.resolve_config import (
    SETTINGS,
    all_options,
    option_settings,
    reject_inapplicable,
    reject_unknown,
    resolve_config,
    settings_for,
)
from unrolled.training.training_config import TrainingConfig

ENCODERS = network_names()
PARTS = (TextConfig, DataConfig, TrainingConfig)


def refusal(encoder: str, **settings: Any) -> SettingError:
    with pytest.raises(SettingError) as raised:
        resolve_config(encoder, None, settings)
    assert str(raised.value).isprintable()
    return raised.value


def test_the_settings_are_the_fields_of_the_three_parts_each_in_one_alone() -> None:
    names = [field.name for part in PARTS for field in fields(part)]
    assert list(SETTINGS) == names
    assert len(set(names)) == len(names)


def test_no_encoders_option_has_the_name_of_a_setting() -> None:
    assert not set(all_options()) & {*SETTINGS, "encoder", "vectors"}


@each("encoder", ENCODERS)
def test_without_settings_every_default_is_chosen(encoder: str) -> None:
    chosen = resolve_config(encoder, None, {})
    assert chosen.encoder == encoder
    assert chosen.encoder_options == {name: option.default for name, option in encoder_options(encoder).items()}
    assert (chosen.reading, chosen.preparation, chosen.plan) == (TextConfig(), DataConfig(), TrainingConfig())
    assert chosen.vectors is None


def test_each_setting_reaches_the_part_that_needs_it() -> None:
    vectors = {"a": np.zeros(7)}
    settings = {"filter_sizes": [1, np.int64(2)], "embedding_dim": np.int32(7), "min_count": 3, "learning_rate": 1}
    chosen = resolve_config("cnn", vectors, settings)
    assert chosen.encoder_options["filter_sizes"] == (1, 2)
    assert chosen.reading == TextConfig(embedding_dim=7)
    assert chosen.preparation == DataConfig(min_count=3)
    assert chosen.plan == TrainingConfig(learning_rate=1.0)
    assert type(chosen.plan.learning_rate) is float
    assert chosen.vectors is vectors


def test_all_options_are_told_with_the_encoders_that_have_them() -> None:
    assert all_options() == {
        name: [encoder for encoder in ENCODERS if name in encoder_options(encoder)]
        for encoder in ENCODERS
        for name in encoder_options(encoder)
    }


@each(
    ("name", "meant"),
    [
        ("hiden_size", "hidden_size"),
        ("learning_rte", "learning_rate"),
        ("filter_size", "filter_sizes"),
        ("encodr", "encoder"),
        ("vector", "vectors"),
        ("Dropout", "dropout"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(SettingError) as raised:
        reject_unknown({name: 1})
    assert raised.value.advice == f"Did you mean '{meant}'?"
    assert raised.value.where == f"setting '{name}'"
    assert str(refusal("cnn", **{name: 1})) == str(raised.value)


def test_every_known_name_is_let_through() -> None:
    reject_unknown(dict.fromkeys(["encoder", "vectors", *SETTINGS, *all_options()]))


@each("encoder", ENCODERS)
def test_an_option_of_other_encoders_is_refused_and_its_owners_told(encoder: str) -> None:
    for name, owners in all_options().items():
        if encoder not in owners:
            error = refusal(encoder, **{name: encoder_options(owners[0])[name].default})
            assert error.where == f"setting '{name}'"
            assert ", ".join(owners) in error.problem
            assert f"'{encoder}'" in error.problem


@each("encoder", ["cn", "CNN", "", "nosuch", "__init__", None, 3, ("cnn",), b"cnn"])
def test_an_encoder_that_does_not_exist_is_refused(encoder: Any) -> None:
    error = refusal(encoder)
    assert error.where == "setting 'encoder'"
    assert "cnn" in error.advice
    assert error.advice.startswith("Did you mean 'cnn'?") == (encoder in ("cn", "CNN"))


IMPOSSIBLE: list[tuple[str, str, Any]] = [
    *[("average", "hidden_size", value) for value in (0, -1, 2.5, "8", None, True, [8])],
    *[("average", "num_layers", value) for value in (-1, 101, 1.0)],
    *[("cnn", "filter_sizes", value) for value in (3, (), (0,), "2,3", (2, 2.5), None)],
    *[("lstm", "pooling", value) for value in ("first", None, 1)],
    *[("lstm", "bidirectional", value) for value in (1, "true", None)],
    *[("lstm", "forget_gate_bias", value) for value in (float("nan"), float("inf"), "1")],
    *[("cnn", "embedding_dim", value) for value in (0, -3, 1.5, "100", None, False)],
    *[("cnn", "embeddings", value) for value in ("static", "tuned+static", None)],
    *[("cnn", "lowercase", value) for value in (0, "yes", None)],
    *[("cnn", "learning_rate", value) for value in (0, -1e-3, "1e-3", float("nan"), float("inf"), True)],
    *[("cnn", "dropout", value) for value in (1, 1.0, -0.1, "0.5", float("nan"))],
    *[("cnn", "max_epochs", value) for value in (0, 1.0, "20")],
    *[("cnn", "budget", value) for value in (0, -1, "60s", float("inf"))],
    *[("cnn", "device", value) for value in ("gpu", "", None)],
    *[("cnn", "random_state", value) for value in (-1, 1.5, None, "0", np.random.RandomState(0))],
]


@each(("encoder", "name", "value"), IMPOSSIBLE)
def test_an_impossible_value_is_refused_and_named(encoder: str, name: str, value: Any) -> None:
    error = refusal(encoder, **{name: value})
    assert error.where == f"setting '{name}'"
    assert f"{value!r:.40}" in error.problem or isinstance(value, tuple)  # of a list the one wrong item is told


def test_options_for_a_command_line_tell_every_encoders_default_and_limit_none() -> None:
    found = option_settings()
    assert set(found) == set(all_options())
    for name, owners in all_options().items():
        assert found[name].limits is None
        assert found[name].kind is encoder_options(owners[0])[name].kind
        for owner in owners:
            option = encoder_options(owner)[name]
            assert f"{owner} {option.formatted(option.default)}" in found[name].default.split("; ")
            assert found[name].parse(option.formatted(option.default)) == option.default


NEURAL: dict[str, Any] = {
    "embedding_dim": 5,
    "embeddings": "both",
    "max_epochs": 3,
    "patience": 2,
    "batch_size": 8,
    "learning_rate": 0.1,
    "schedule": "linear",
    "ema_decay": 0.5,
    "weight_decay": 0.5,
    "max_grad_norm": 1.0,
    "dropout": 0.1,
    "embedding_dropout": 0.1,
    "label_smoothing": 0.1,
    "device": "auto",
    "optimizer": "hogwild",
}


@each("name", NEURAL)
def test_logistic_regression_refuses_settings_of_neural_training_and_names_option_value_and_what_is_allowed(
    name: str,
) -> None:
    error = refusal("logistic", **{name: NEURAL[name]})
    assert error.where == f"setting '{name}'"
    assert f"'{name}' (here {NEURAL[name]!r})" in error.problem
    assert {"ngram_range", "budget", "C"} <= set(error.problem.rpartition(" are ")[2].split(", "))
    default = SETTINGS[name].default
    assert resolve_config("logistic", None, {name: default}) == resolve_config("logistic", None, {})
    with pytest.raises(SettingError, match=f"'{name}'"):
        reject_inapplicable("logistic", {name: default})  # as a command line does, which knows what was typed
    assert resolve_config("ngrams", None, {name: NEURAL[name]}) != resolve_config("ngrams", None, {})
    reject_inapplicable("ngrams", {name: NEURAL[name]})


def test_every_setting_is_either_of_neural_training_or_has_a_meaning_for_logistic_regression() -> None:
    assert set(settings_for("logistic")) == set(SETTINGS) - set(NEURAL)
    reject_inapplicable("logistic", {**settings_for("logistic"), "features": "counts"})
    assert settings_for("cnn") == SETTINGS


def test_logistic_regression_refuses_vectors_and_a_range_that_runs_backwards() -> None:
    with pytest.raises(SettingError, match="'vectors'"):
        resolve_config("logistic", {"a": np.zeros(7)}, {})
    assert refusal("logistic", ngram_range=(2, 1)).advice == "Write 1,2."
    assert refusal("logistik").advice == "Did you mean 'logistic'?"


OF_ADAMW: dict[str, Any] = {
    **{name: value for name, value in NEURAL.items() if name in ("embeddings", "batch_size", "schedule", "device")},
    **{name: value for name, value in NEURAL.items() if name.startswith("weight")},
    "ema_decay": 0.5,
    "dropout": 0.1,
    "max_grad_norm": 1.0,
    "label_smoothing": 0.1,
    "class_weight": "balanced",
}


@each("name", OF_ADAMW)
def test_hogwild_refuses_what_only_adamw_has_and_names_option_value_and_what_is_allowed(name: str) -> None:
    error = refusal("ngrams", optimizer="hogwild", **{name: OF_ADAMW[name]})
    assert error.where == f"setting '{name}'"
    assert f"'{name}' (here {OF_ADAMW[name]!r}) is a setting of adamw" in error.problem
    assert {"learning_rate", "threads", "embedding_dim"} <= set(error.problem.rpartition(" are ")[2].split(", "))
    with pytest.raises(SettingError, match=f"'{name}'"):
        reject_inapplicable("ngrams", {"optimizer": "hogwild", name: SETTINGS[name].default})
    reject_inapplicable("ngrams", {"optimizer": "adamw", name: OF_ADAMW[name]})


def test_every_setting_is_either_adamw_s_alone_or_has_a_meaning_for_hogwild() -> None:
    assert set(settings_for("ngrams", "hogwild")) == set(SETTINGS) - set(OF_ADAMW)
    reject_inapplicable("ngrams", {**settings_for("ngrams", "hogwild"), "optimizer": "hogwild", "buckets": 3})
    with pytest.raises(SettingError, match="'vectors'"):
        resolve_config("ngrams", {"a": np.zeros(100)}, {"optimizer": "hogwild"})


@pytest.mark.parametrize("encoder", HogwildLearner.encoders)
def test_hogwild_leaves_the_hidden_layers_out_and_refuses_any(encoder: str) -> None:
    assert resolve_config(encoder, None, {"optimizer": "hogwild"}).encoder_options["num_layers"] == 0
    layers = resolve_config(encoder, None, {"optimizer": "adamw"}).encoder_options["num_layers"]
    assert layers == encoder_options(encoder)["num_layers"].default
    said = resolve_config(encoder, None, {"optimizer": "hogwild", "num_layers": 0})
    assert said == resolve_config(encoder, None, {"optimizer": "hogwild"})
    error = refusal(encoder, optimizer="hogwild", num_layers=2)
    assert (error.where, error.problem[-1]) == ("setting 'num_layers'", "2")
    assert "hogwild" in error.problem
    assert refusal(encoder, optimizer="hogwild", num_layers="2").where == "setting 'num_layers'"


@each("encoder", sorted({*ENCODERS} - {*HogwildLearner.encoders}))
def test_hogwild_trains_no_other_encoder(encoder: str) -> None:
    error = refusal(encoder, optimizer="hogwild")
    assert error.where == "setting 'optimizer'"
    assert "ngrams" in error.problem or encoder == "logistic"


def test_a_misspelt_encoder_or_optimizer_is_told_as_such() -> None:
    assert refusal("ngram", optimizer="hogwild").advice == "Did you mean 'ngrams'?"
    assert refusal("ngrams", optimizer="hogwold").problem == "expected one of adamw, hogwild, got 'hogwold'"


def test_what_an_optimizer_begins_with_is_its_own_unless_it_is_said() -> None:
    adamw, hogwild = (resolve_config("ngrams", None, {"optimizer": name}).plan for name in ("adamw", "hogwild"))
    own = ("max_epochs", "patience", "learning_rate")
    assert [getattr(adamw, name) for name in own] == [getattr(TrainingConfig(), name) for name in own]
    assert [getattr(hogwild, name) for name in own] == [10, 10, 0.25]
    for name in ("adamw", "hogwild"):
        said = resolve_config(
            "ngrams", None, {"optimizer": name, "max_epochs": 7, "patience": 3, "learning_rate": 0.003}
        ).plan
        assert [getattr(said, name) for name in own] == [7, 3, 0.003]
    assert "40 for adamw, 10 for hogwild" in SETTINGS["max_epochs"].meaning
    assert "5 for adamw, 10 for hogwild" in SETTINGS["patience"].meaning
    assert "0.003 for adamw, 0.25 for hogwild" in SETTINGS["learning_rate"].meaning


def test_random_vectors_are_never_frozen() -> None:
    with pytest.raises(SettingError, match="vectors") as refused:
        resolve_config("cnn", None, {"embeddings": "frozen"})
    assert "embeddings" in str(refused.value)
    assert resolve_config("cnn", {"a": np.zeros(100)}, {"embeddings": "frozen"}).reading.channels == "static"
