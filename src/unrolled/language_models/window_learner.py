"""Windows of training and held-out lines, a plan → the window model in training, by torch's AdamW."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import numpy as np
import torch

from unrolled.arrays import AnyArray, IntArray
from unrolled.errors import DataError
from unrolled.language_models.perplexity import perplexity
from unrolled.language_models.training_config import TrainingConfig
from unrolled.language_models.window import Window, WindowModel
from unrolled.model.weights import initialize
from unrolled.training.callback import EpochRecord
from unrolled.training.dropout import Stream, dropout
from unrolled.training.learner import Arrays, Learner, Limits, Place, Score, StepResult
from unrolled.training.threads import threads

CPU = torch.device("cpu")
_OF_ADAMW = ("step", "exp_avg", "exp_avg_sq")


class WindowLearner(Learner):
    """Reads every window once an epoch; keeps the weights with the lowest loss on held-out windows, or the last."""

    def __init__(self, network: Window, windows: IntArray, held_out: IntArray, plan: TrainingConfig) -> None:
        """Take windows (rows, order); without held-out ones every epoch is better than those before."""
        self.network, self.windows, self.held_out, self.plan = network, windows, held_out, plan
        self.limits = Limits(plan.max_epochs, math.ceil(len(windows) / plan.batch_size), None, plan.patience)
        self.learning_rate, self.measured = plan.learning_rate, ("dev_loss",) if len(held_out) else ()
        first = initialize(network.weights(), plan.random_state)
        self.weights = {name: torch.tensor(array, requires_grad=True) for name, array in first.items()}
        parameters = list(self.weights.values())
        self.optimizer = torch.optim.AdamW(parameters, lr=plan.learning_rate, weight_decay=plan.weight_decay)
        self.best = self.evaluated = self._copy()

    def threads(self) -> AbstractContextManager[None]:
        """Limit torch to the threads of the settings."""
        return threads(self.plan.threads)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffle the windows, and begin the chance of dropout: both are functions of seed and epoch."""
        self.order = np.random.default_rng([self.plan.random_state, epoch]).permutation(len(self.windows))
        mixed = np.random.SeedSequence([self.plan.random_state, epoch]).generate_state(1)
        self.drop, self.drawn = dropout(self.plan.dropout, Stream(int(mixed[0]), CPU)), 0

    def step(self, place: Place) -> StepResult:
        """Take AdamW's step on a batch of windows."""
        for _ in range(self.drawn, place.in_epoch):  # of a run that is resumed
            self.drop(torch.zeros(self.plan.batch_size, self.network.hidden_size))
        self.drawn = place.in_epoch + 1
        size = self.plan.batch_size
        batch = self.windows[self.order[place.in_epoch * size : (place.in_epoch + 1) * size]]
        logits = self.network.logits(self.weights, batch[:, :-1], drop=self.drop)
        loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(batch[:, -1]))
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return StepResult(loss.item(), len(batch), self.plan.learning_rate, len(batch) / size)

    def evaluate(self, number: int, pause: Callable[[], None]) -> Score:
        """Score the present weights on the held-out windows; a loss whose perplexity overflows is not finite."""
        del number
        self.evaluated = self._copy()
        if not all(np.isfinite(array).all() for array in self.evaluated.values()):
            return Score(math.nan)
        if not len(self.held_out):
            return Score(None)
        pause()
        model = WindowModel(self.network, self.evaluated)
        try:
            found = model.log_probabilities(self.held_out[:, :-1], self.held_out[:, -1])
        except DataError:  # finite weights, but logits that aren't
            return Score(math.nan)
        loss = -float(found.mean())
        return Score(loss if math.isfinite(perplexity(-loss)) else math.nan)

    def is_better(self, score: Score, history: Sequence[EpochRecord]) -> bool:
        """Prefer the lower loss, without held-out windows the later epoch."""
        before = [record.dev_loss for record in history if record.dev_loss is not None]
        return score.loss is None or all(score.loss < loss for loss in before)

    def keep(self) -> None:
        """Keep the copy that was evaluated."""
        self.best = self.evaluated

    def best_weights(self) -> dict[str, AnyArray]:
        """Return the weights that scored best."""
        return self.best

    def state_dict(self) -> Arrays:
        """Return the weights, AdamW's arrays and the best weights."""
        weights = {name: tensor.detach().numpy() for name, tensor in self.weights.items()}
        adamw = {
            f"{name}.{part}": array.numpy()
            for name, tensor in self.weights.items()
            for part, array in zip(_OF_ADAMW, self._moments(tensor), strict=True)
        }
        return {**weights, **adamw, **{f"best.{name}": array for name, array in self.best.items()}}

    def load_state_dict(self, arrays: Arrays) -> None:
        """Restore them."""
        with torch.no_grad():
            for name, tensor in self.weights.items():
                tensor.copy_(torch.from_numpy(arrays[name]))
                self.optimizer.state[tensor] = {part: torch.tensor(arrays[f"{name}.{part}"]) for part in _OF_ADAMW}
        self.best = {name: arrays[f"best.{name}"] for name in self.best}

    def _moments(self, weight: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return AdamW's step number and means, which it has from its first step on."""
        found = self.optimizer.state.get(weight)
        if not found:
            return torch.zeros(()), torch.zeros(weight.shape), torch.zeros(weight.shape)
        return tuple(found[part] for part in _OF_ADAMW)

    def _copy(self) -> dict[str, AnyArray]:
        return {name: tensor.detach().numpy().copy() for name, tensor in self.weights.items()}
