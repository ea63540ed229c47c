"""Encoders and optimizers → one learner each, which says what must be installed and what can be trained without."""

from __future__ import annotations

from itertools import product

import pytest

from unrolled.environment.packages import SCIKIT_LEARN, TORCH
from unrolled.model.registry import encoder_options, network_names
from unrolled.training.find_learner import LEARNERS, learner_of, missing_package
from unrolled.training.resolve_config import SETTINGS, resolve_config
from unrolled.training.training_config import TrainingConfig


@pytest.mark.parametrize(("encoder", "optimizer"), list(product(network_names(), SETTINGS["optimizer"].choices)))
def test_each_encoder_has_one_learner_by_each_optimizer(encoder: str, optimizer: str) -> None:
    (learner,) = (learner for learner in LEARNERS if learner.trains(encoder, optimizer))
    assert set(learner.settings) <= {*SETTINGS, "vectors"}
    assert learner.defaults.keys() <= set(learner.settings) & set(vars(TrainingConfig()))
    assert not set(learner.settings) & set(encoder_options(encoder))


def test_what_must_be_installed_to_train_is_known() -> None:
    packages = [learner_of(resolve_config(encoder, None, {})).package for encoder in ("cnn", "logistic")]
    assert packages == [TORCH, SCIKIT_LEARN]
    assert learner_of(resolve_config("ngrams", None, {"optimizer": "hogwild"})).package is None


def test_what_cannot_be_trained_says_what_can(monkeypatch: pytest.MonkeyPatch) -> None:
    for installed, others in (("sklearn", "'logistic' or 'ngrams --optimizer hogwild'"), ("", "'ngrams --opt")):
        monkeypatch.setattr(
            "unrolled.environment.packages.find_spec", lambda name, there=installed: name == there or None
        )
        error = missing_package(resolve_config("cnn", None, {}))
        assert error is not None
        assert error.advice.startswith(f"Run: pip install 'unrolled[train]'. Without it you can train {others}")
    error = missing_package(resolve_config("logistic", None, {}))
    assert error is not None
    assert error.advice.startswith("Run: pip install 'unrolled[logistic]'. Without it you can train 'ngrams")
    assert missing_package(resolve_config("ngrams", None, {"optimizer": "hogwild"})) is None
