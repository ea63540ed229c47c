"""Windows and a plan → weights that are the best by held-out perplexity, the same for the same seed."""

from __future__ import annotations

import math
import signal
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.test_checkpoints import Clock, Memory
from unrolled.language_models.training_config import TrainingConfig
from unrolled.language_models.window import Window, WindowModel
from unrolled.language_models.window_learner import WindowLearner
from unrolled.model.weights import initialize
from unrolled.training.callback import EpochRecord, StepMessage
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.deadline import Deadline
from unrolled.training.result import TrainingResult
from unrolled.training.run_context import RunContext
from unrolled.training.session import train as session

NETWORK = Window(words=8, order=3, embedding_dim=4, hidden_size=6)
RANDOM = np.random.default_rng(0)
WINDOWS, HELD_OUT = RANDOM.integers(0, 8, (100, 3)), RANDOM.integers(0, 8, (40, 3))
PLAN = TrainingConfig(max_epochs=6, batch_size=16, learning_rate=0.02)


def train(windows: Any, held_out: Any, plan: TrainingConfig, **surroundings: Any) -> TrainingResult:
    return session(WindowLearner(NETWORK, windows, held_out, plan), RunContext(**surroundings))


def loss_of(found: TrainingResult, windows: Any) -> float:
    log_probabilities = WindowModel(NETWORK, found.weights).log_probabilities(windows[:, :-1], windows[:, -1])
    return -float(log_probabilities.mean())


def lowest(history: list[EpochRecord]) -> EpochRecord:
    return min(history, key=lambda record: record.dev_loss or math.inf)


def timeless(history: list[EpochRecord]) -> list[EpochRecord]:
    return [replace(record, seconds=0.0, words_per_second=0.0) for record in history]


def test_the_weights_kept_are_those_of_the_best_epoch() -> None:
    found = train(WINDOWS, HELD_OUT, replace(PLAN, patience=6))
    best = lowest(found.history)
    assert loss_of(found, HELD_OUT) == best.dev_loss
    assert best.best
    assert best.epoch < 6, "on noise the last epoch isn't the best, or this tests nothing"
    again = train(WINDOWS, HELD_OUT, replace(PLAN, max_epochs=best.epoch, patience=6))
    assert all(np.array_equal(array, again.weights[name]) for name, array in found.weights.items())


def test_patience_ends_a_run_so_many_epochs_after_the_best() -> None:
    found = train(WINDOWS, HELD_OUT, replace(PLAN, max_epochs=99, patience=2))
    assert found.stopped == "patience"
    assert len(found.history) == max(record.epoch for record in found.history if record.best) + 2


def test_without_held_out_windows_all_epochs_are_trained_and_the_last_is_kept() -> None:
    heard: list[Any] = []
    found = train(WINDOWS, WINDOWS[:0], PLAN, callback=heard.append)
    records = [message for message in heard if isinstance(message, EpochRecord)]
    assert (found.stopped, len(found.history), records) == ("max_epochs", 6, found.history)
    assert loss_of(found, WINDOWS) < (records[-1].loss or 0)
    assert [(record.dev_loss, record.best) for record in records] == [(None, True)] * 6


def test_the_loss_of_an_epoch_is_the_mean_over_its_windows() -> None:
    """Batches of 16, 16, …, 4: at a learning rate of nearly 0 each has the loss of the first weights."""
    found = train(WINDOWS, HELD_OUT, replace(PLAN, max_epochs=1, learning_rate=1e-9))
    assert found.history[0].loss == pytest.approx(loss_of(found, WINDOWS), rel=1e-5)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_the_same_seed_gives_the_same_bits_whatever_else_drew_from_torch(dropout: float) -> None:
    def run(seed: int) -> TrainingResult:
        torch.rand(seed + 3)
        return train(WINDOWS, HELD_OUT, replace(PLAN, max_epochs=2, dropout=dropout, random_state=seed))

    first, second, other = run(1), run(1), run(2)
    assert all(np.array_equal(array, second.weights[name]) for name, array in first.weights.items())
    assert not np.array_equal(first.weights["output.W"], other.weights["output.W"])
    assert timeless(second.history) == timeless(first.history) != timeless(other.history)


@pytest.mark.parametrize("held_out", [HELD_OUT, HELD_OUT[:0]], ids=["held out", "none held out"])
def test_a_run_from_any_of_its_states_ends_in_the_same_bits(held_out: Any) -> None:
    plan, memory = replace(PLAN, max_epochs=3, dropout=0.5), Memory()
    whole = train(WINDOWS, held_out, plan, checkpoints=Checkpoints(memory, every=0, clock=Clock()))
    assert len(memory.states) == 21
    for state in memory.states[::4]:
        found = train(WINDOWS, held_out, plan, checkpoints=Checkpoints(Memory(state)))
        assert timeless(found.history) == timeless(whole.history)
        assert all(np.array_equal(array, found.weights[name]) for name, array in whole.weights.items())


def test_a_budget_ends_a_run_within_an_epoch() -> None:
    clock = Clock()

    def tick(message: Any) -> None:
        clock.now += isinstance(message, StepMessage)

    found = train(WINDOWS, HELD_OUT, PLAN, callback=tick, deadline=Deadline(10.0, clock=clock))
    assert (found.stopped, found.steps, found.history[-1].step) == ("budget", 10, 10)


def test_one_step_equals_torch_s_own_layers_and_optimizer() -> None:
    """A module of torch.nn with the same first weights, one batch, no weight decay of biases told apart."""
    first = {name: torch.tensor(array) for name, array in initialize(NETWORK.weights(), 0).items()}
    embedding, hidden, output = torch.nn.Embedding(8, 4), torch.nn.Linear(8, 6), torch.nn.Linear(6, 8)
    network = torch.nn.Sequential(embedding, torch.nn.Flatten(), hidden, torch.nn.Tanh(), output)
    with torch.no_grad():
        embedding.weight.copy_(first["embeddings.e"])
        for layer, name in ((hidden, "hidden"), (output, "output")):
            layer.weight.copy_(first[f"{name}.W"].T)
            layer.bias.copy_(first[f"{name}.b"])
    optimizer = torch.optim.AdamW(network.parameters(), lr=PLAN.learning_rate, weight_decay=PLAN.weight_decay)
    loss = torch.nn.CrossEntropyLoss()(network(torch.tensor(WINDOWS[:, :-1])), torch.tensor(WINDOWS[:, -1]))
    loss.backward()
    optimizer.step()
    found = train(WINDOWS, HELD_OUT, replace(PLAN, max_epochs=1, batch_size=100))
    assert found.history[0].loss == pytest.approx(loss.item(), rel=1e-5)
    assert found.weights["embeddings.e"] == pytest.approx(embedding.weight.detach().numpy(), abs=1e-5)
    assert found.weights["hidden.W"] == pytest.approx(hidden.weight.detach().numpy().T, abs=1e-5)
    assert found.weights["output.b"] == pytest.approx(output.bias.detach().numpy(), abs=1e-5)


@pytest.mark.parametrize("batch_size", [16, 100], ids=["within an epoch", "by its last step"])
@pytest.mark.parametrize("held_out", [HELD_OUT, HELD_OUT[:0]], ids=["held out", "none held out"])
@pytest.mark.filterwarnings("ignore:(invalid|overflow)")
def test_what_is_not_finite_ends_the_run_and_is_never_kept(batch_size: int, held_out: Any) -> None:
    plan = replace(PLAN, learning_rate=1000.0, weight_decay=1000.0, batch_size=batch_size, max_epochs=99, patience=99)
    found = train(WINDOWS, held_out, plan)
    assert found.stopped == "not_finite"
    assert all(np.isfinite(array).all() for array in found.weights.values())


def test_ctrl_c_ends_the_run_after_the_step_and_keeps_the_best() -> None:
    heard: list[EpochRecord] = []

    def report(message: Any) -> None:
        if isinstance(message, EpochRecord):
            heard.append(message)
            if len(heard) == 2:
                signal.raise_signal(signal.SIGINT)

    found = train(WINDOWS, HELD_OUT, replace(PLAN, patience=6), callback=report)
    assert (found.stopped, len(heard)) == ("interrupted", 2)
    assert loss_of(found, HELD_OUT) == lowest(heard).dev_loss
