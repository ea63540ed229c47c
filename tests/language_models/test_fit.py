"""Lines and settings → which lines are trained on, which words are known, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.each import each
from unrolled.errors import SettingError, TrainingError
from unrolled.language_models.counting import Counting
from unrolled.language_models.fit import SETTINGS, fit, resolve_config

LINES = [f"word{number} and word{number % 3}" for number in range(20)]


def test_a_window_model_holds_out_its_share_of_lines_and_knows_no_word_of_them_alone(
    fitted: Callable[..., Any],
) -> None:
    made = fitted(LINES, validation_fraction=0.2, max_epochs=1)
    assert made.training["lines"] == {"train": 16, "held_out": 4}
    assert len(made.held_out) == 4
    trained = {word for line in set(LINES) - set(made.held_out) for word in line.split()}
    assert set(made.model.vocabulary.words) == {"<unk>", "</s>", *trained}
    assert made.training["epochs"][0]["perplexity"] == pytest.approx(
        made.model.perplexity(made.held_out).known_perplexity, rel=1e-5
    )


@pytest.mark.parametrize("settings", [{"validation_fraction": 0.0}, {"validation_fraction": 0.02}])
def test_too_few_lines_or_no_share_hold_nothing_out(fitted: Callable[..., Any], settings: dict[str, float]) -> None:
    made = fitted(LINES, max_epochs=2, **settings)
    assert (made.held_out, made.training["lines"], made.training["stopped"]) == (
        [],
        {"train": 20, "held_out": 0},
        "max_epochs",
    )


@pytest.mark.parametrize("kind", ["kneser-ney", "maximum-likelihood"])
def test_a_counting_model_counts_all_lines(fitted: Callable[..., Any], kind: str) -> None:
    made = fitted(LINES, model=kind, order=2)
    assert isinstance(made.model.predictor, Counting)
    assert made.model.predictor.counts.sum() == 4 * 20
    assert (made.held_out, made.training["lines"]) == ([], {"train": 20, "held_out": 0})


def test_rare_words_are_counted_as_the_unknown_word(fitted: Callable[..., Any]) -> None:
    model = fitted(["a a b", "a c"], model="maximum-likelihood", order=1, min_count=2).model
    assert dict(model.next_words("", 9)) == {"a": 3 / 7, "<unk>": 2 / 7, "</s>": 2 / 7}


def test_the_record_is_json_and_the_same_for_the_same_run(fitted: Callable[..., Any]) -> None:
    first, second = (fitted(LINES, max_epochs=2, random_state=4).training for _ in range(2))
    assert first == second
    assert json.loads(json.dumps(first)) == first
    assert first["data_sha256"] != fitted(LINES[1:], max_epochs=2).training["data_sha256"]


@each("name", ["hidden_size", "embedding_dim", "max_epochs", "learning_rate", "dropout", "threads"])
def test_settings_of_the_window_are_refused_for_models_that_count(name: str) -> None:
    value = SETTINGS[name].default
    with pytest.raises(SettingError, match="window"):
        resolve_config({"model": "kneser-ney", name: value})
    assert resolve_config({"model": "kneser-ney", "random_state": 3, "order": 1}).config.order == 1


@each("settings", [{"order": 0}, {"order": 21}, {"order": 1}, {"model": "kneserney"}, {"ordr": 2}])
def test_an_impossible_setting_is_told(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError):
        resolve_config(settings)


@pytest.mark.filterwarnings("ignore:(invalid|overflow)")
@pytest.mark.parametrize("fraction", [0.0, 0.2])
def test_what_is_not_finite_is_an_error_that_names_the_epoch(fitted: Callable[..., Any], fraction: float) -> None:
    wild: dict[str, Any] = {"learning_rate": 1000.0, "weight_decay": 1000.0, "max_epochs": 99, "patience": 99}
    with pytest.raises(TrainingError, match=r"epoch \d+: the loss is not finite"):
        fitted(LINES, validation_fraction=fraction, **wild)


def test_held_out_lines_with_no_known_word_still_end() -> None:
    made = fit([f"w{n}" for n in range(10)], resolve_config({"max_epochs": 1, "embedding_dim": 2, "hidden_size": 2}))
    assert made.training["epochs"][0]["perplexity"] > 1
