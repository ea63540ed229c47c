"""Windows and a plan → weights that are the best by held-out perplexity, the same for the same seed."""

from __future__ import annotations

import math
import signal
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from unrolled.errors import TrainingError
from unrolled.language_models.training import Epoch, TrainingResult, train
from unrolled.language_models.training_config import TrainingConfig
from unrolled.language_models.window import Window, WindowModel
from unrolled.model.weights import initialize

NETWORK = Window(words=8, order=3, embedding_dim=4, hidden_size=6)
RANDOM = np.random.default_rng(0)
WINDOWS, HELD_OUT = RANDOM.integers(0, 8, (100, 3)), RANDOM.integers(0, 8, (40, 3))
PLAN = TrainingConfig(max_epochs=6, batch_size=16, learning_rate=0.02)


def perplexity(model: WindowModel, windows: Any) -> float:
    return math.exp(-model.log_probabilities(windows[:, :-1], windows[:, -1]).mean())


def test_the_weights_kept_are_those_of_the_best_epoch() -> None:
    outcome = train(NETWORK, WINDOWS, HELD_OUT, replace(PLAN, patience=6))
    best = min(outcome.epochs, key=lambda epoch: epoch.perplexity or math.inf)
    assert perplexity(outcome.model, HELD_OUT) == best.perplexity
    assert best.best
    assert best.epoch < 6, "on noise the last epoch isn't the best, or this tests nothing"
    again = train(NETWORK, WINDOWS, HELD_OUT, replace(PLAN, max_epochs=best.epoch, patience=6))
    assert all(np.array_equal(array, again.model.weights[name]) for name, array in outcome.model.weights.items())


def test_patience_ends_a_run_so_many_epochs_after_the_best() -> None:
    outcome = train(NETWORK, WINDOWS, HELD_OUT, replace(PLAN, max_epochs=99, patience=2))
    assert outcome.stopped == "patience"
    assert len(outcome.epochs) == max(epoch.epoch for epoch in outcome.epochs if epoch.best) + 2


def test_without_held_out_windows_all_epochs_are_trained_and_the_last_is_kept() -> None:
    told: list[Epoch] = []
    outcome = train(NETWORK, WINDOWS, WINDOWS[:0], PLAN, told.append)
    assert (outcome.stopped, len(outcome.epochs), told) == ("max_epochs", 6, outcome.epochs)
    assert perplexity(outcome.model, WINDOWS) < math.exp(told[-1].loss)
    assert [epoch.perplexity for epoch in told] == [None] * 6


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_the_same_seed_gives_the_same_bits_whatever_else_drew_from_torch(dropout: float) -> None:
    def run(seed: int) -> TrainingResult:
        torch.rand(seed + 3)
        return train(NETWORK, WINDOWS, HELD_OUT, replace(PLAN, max_epochs=2, dropout=dropout, random_state=seed))

    first, second, other = run(1), run(1), run(2)
    assert all(np.array_equal(array, second.model.weights[name]) for name, array in first.model.weights.items())
    assert not np.array_equal(first.model.weights["output.W"], other.model.weights["output.W"])
    assert second.epochs == first.epochs != other.epochs


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
    outcome = train(NETWORK, WINDOWS, HELD_OUT, replace(PLAN, max_epochs=1, batch_size=100))
    assert outcome.epochs[0].loss == pytest.approx(loss.item(), rel=1e-5)
    assert outcome.model.weights["embeddings.e"] == pytest.approx(embedding.weight.detach().numpy(), abs=1e-5)
    assert outcome.model.weights["hidden.W"] == pytest.approx(hidden.weight.detach().numpy().T, abs=1e-5)
    assert outcome.model.weights["output.b"] == pytest.approx(output.bias.detach().numpy(), abs=1e-5)


@pytest.mark.parametrize("batch_size", [16, 100], ids=["within an epoch", "by its last step"])
@pytest.mark.parametrize("held_out", [HELD_OUT, HELD_OUT[:0]], ids=["held out", "none held out"])
@pytest.mark.filterwarnings("ignore:(invalid|overflow)")
def test_what_is_not_finite_is_told_and_never_kept(batch_size: int, held_out: Any) -> None:
    plan = replace(PLAN, learning_rate=1000.0, weight_decay=1000.0, batch_size=batch_size, max_epochs=99, patience=99)
    with pytest.raises(TrainingError, match=r"epoch \d+: expected a finite loss"):
        train(NETWORK, WINDOWS, held_out, plan)


def test_ctrl_c_ends_the_run_after_the_step_and_keeps_the_best() -> None:
    told: list[Epoch] = []

    def report(epoch: Epoch) -> None:
        told.append(epoch)
        if len(told) == 2:
            signal.raise_signal(signal.SIGINT)

    outcome = train(NETWORK, WINDOWS, HELD_OUT, replace(PLAN, patience=6), report)
    assert outcome.stopped == "interrupted"
    assert len(told) == 2
    assert perplexity(outcome.model, HELD_OUT) == min(epoch.perplexity or math.inf for epoch in told)
