"""Windows of training and held-out lines, a plan → the weights of the epoch with the lowest held-out perplexity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from unrolled.arrays import AnyArray, IntArray
from unrolled.errors import language_models as errors
from unrolled.language_models.perplexity import perplexity
from unrolled.language_models.training_config import TrainingConfig
from unrolled.language_models.window import Window, WindowModel
from unrolled.model.weights import initialize
from unrolled.training.dropout import Stream, dropout
from unrolled.training.signals import stop_requested
from unrolled.training.threads import threads

StopReason = Literal["max_epochs", "patience", "interrupted"]


@dataclass(frozen=True)
class Epoch:
    """What is told of an epoch; `perplexity` is that of the held-out lines' known words, if lines are held out."""

    epoch: int
    loss: float
    perplexity: float | None
    best: bool


@dataclass(frozen=True)
class TrainingResult:
    """What a run leaves behind."""

    model: WindowModel
    stopped: StopReason
    epochs: list[Epoch]


def train(
    network: Window,
    windows: IntArray,
    held_out: IntArray,
    plan: TrainingConfig,
    report: Callable[[Epoch], Any] = lambda _: None,
) -> TrainingResult:
    """Train on windows (rows, order); without held-out ones for all epochs. Raises TrainingError for a loss of NaN."""
    with threads(plan.threads), stop_requested() as asked:
        run = _Run(network, plan)
        weights, epochs, stopped = run.copy(), list[Epoch](), None
        while stopped is None:
            epoch = run.epoch(windows, held_out, epochs, asked.is_set)
            epochs.append(epoch)
            report(epoch)
            if epoch.best:
                weights = run.copy()
            stopped = _stop(epochs, plan, asked.is_set())
    return TrainingResult(WindowModel(network, weights), stopped, epochs)


def _stop(epochs: list[Epoch], plan: TrainingConfig, interrupted: bool) -> StopReason | None:
    if interrupted:
        return "interrupted"
    last_best = max(epoch.epoch for epoch in epochs if epoch.best)
    if len(epochs) - last_best >= plan.patience:
        return "patience"
    return "max_epochs" if len(epochs) == plan.max_epochs else None


class _Run:
    """The weights in training, and the optimizer."""

    def __init__(self, network: Window, plan: TrainingConfig) -> None:
        first = initialize(network.weights(), plan.random_state)
        self.network, self.plan = network, plan
        self.weights = {name: torch.tensor(array, requires_grad=True) for name, array in first.items()}
        parameters = list(self.weights.values())
        self.optimizer = torch.optim.AdamW(parameters, lr=plan.learning_rate, weight_decay=plan.weight_decay)

    def epoch(
        self, windows: IntArray, held_out: IntArray, before: list[Epoch], interrupted: Callable[[], bool]
    ) -> Epoch:
        """Read every window once, in an order that depends on seed and epoch alone, then the held-out ones."""
        number, plan = len(before) + 1, self.plan
        order = np.random.default_rng([plan.random_state, number]).permutation(len(windows))
        mixed = np.random.SeedSequence([plan.random_state, number]).generate_state(1)
        drop = dropout(plan.dropout, Stream(int(mixed[0]), torch.device("cpu")))
        loss, read = 0.0, 0
        for start in range(0, len(order), plan.batch_size):
            batch = windows[order[start : start + plan.batch_size]]
            loss, read = loss + self._step(batch, drop) * len(batch), read + len(batch)
            if not math.isfinite(loss):
                raise errors.not_finite(number)
            if interrupted():
                break
        judged = self._perplexity(held_out) if len(held_out) else None
        if not (math.isfinite(judged or 0) and all(bool(w.isfinite().all()) for w in self.weights.values())):
            raise errors.not_finite(number)
        best = judged is None or all(judged < (epoch.perplexity or math.inf) for epoch in before)
        return Epoch(number, loss / read, judged, best)

    def _step(self, batch: IntArray, drop: Any) -> float:
        loss = torch.nn.functional.cross_entropy(
            self.network.logits(self.weights, batch[:, :-1], drop=drop), torch.from_numpy(batch[:, -1])
        )
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return loss.item()

    def _perplexity(self, windows: IntArray) -> float:
        model = WindowModel(self.network, self.copy())
        return perplexity(float(model.log_probabilities(windows[:, :-1], windows[:, -1]).mean()))

    def copy(self) -> Mapping[str, AnyArray]:
        """Copy the weights out."""
        return {name: tensor.detach().numpy().copy() for name, tensor in self.weights.items()}
