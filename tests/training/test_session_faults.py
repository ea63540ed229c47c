"""Losses, weights and learning rates that are not finite → the run ends at that step and keeps the best before."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tests.each import each
from tests.trained_network import train_network
from tests.training.test_session import DEV, NOISY, OVERFIT, SHORT, assert_same_bits, network_of, run
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.training.training_config import TrainingConfig


@dataclass(frozen=True)
class PoisonedNetwork(TextNetwork):
    """A network whose logits become NaN or infinite at one training step, counted from 1."""

    step: int
    poison: float
    steps: list[int] = field(default_factory=list)

    def logits(self, weights: Any, ids: Any, lengths: Any, **drops: Any) -> Any:
        logits = super().logits(weights, ids, lengths, **drops)
        if not weights["classifier.b"].requires_grad:
            return logits
        self.steps.append(len(self.steps) + 1)
        return logits * self.poison if self.steps[-1] == self.step else logits


@each("poison", [math.nan, math.inf])
@each("step", [1, 8, 9, 24, 37])
def test_a_loss_that_is_not_finite_ends_the_run_at_that_step_and_keeps_the_best(step: int, poison: float) -> None:
    network, plan = PoisonedNetwork(**vars(network_of()), step=step, poison=poison), OVERFIT | {"batch_size": 8}
    outcome = run(network, plan=plan)
    assert (outcome.stopped, outcome.steps, len(network.steps)) == ("not_finite", step, step)
    whole_epochs = (step - 1) // 8
    undisturbed = run(plan=plan, max_steps=8 * whole_epochs) if whole_epochs else None
    assert outcome.best_step == (undisturbed.best_step if undisturbed else 0)
    assert [record.epoch for record in outcome.history] == list(range(1, whole_epochs + 1))
    assert_same_bits(outcome.weights, undisturbed.weights if undisturbed else initialize(network.weights(), 0))


@pytest.mark.parametrize("name", ["embeddings.tuned", "encoder.0.b", "classifier.W"])
def test_first_weights_that_are_infinite_end_the_run_at_step_1(name: str) -> None:
    network = network_of()
    weights = initialize(network.weights(), 0)
    weights[name][:] = math.inf
    outcome = train_network(network, weights, NOISY, DEV, TrainingConfig(**SHORT))
    assert (outcome.stopped, outcome.steps, outcome.history) == ("not_finite", 1, [])
    assert_same_bits(outcome.weights, weights)


@pytest.mark.parametrize("weight_decay", [0.0, 0.01])
def test_a_learning_rate_far_too_large_ends_the_run_as_not_finite(weight_decay: float) -> None:
    outcome = run(learning_rate=1e30, weight_decay=weight_decay)
    assert (outcome.stopped, outcome.steps, outcome.best_step) == ("not_finite", 2, 0)
    assert_same_bits(outcome.weights, initialize(network_of().weights(), 0))


def test_weights_whose_dev_loss_is_not_finite_are_never_the_best() -> None:
    outcome = run(learning_rate=1e30, weight_decay=0.0, batch_size=100)
    assert (outcome.stopped, outcome.steps, outcome.best_step) == ("not_finite", 1, 0)
    assert all(math.isfinite(record.dev_loss or math.nan) for record in outcome.history if record.best)
    assert np.abs(outcome.weights["classifier.W"]).max() < 100
