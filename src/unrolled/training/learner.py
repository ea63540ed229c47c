"""What the session asks of a model in training: take a step, evaluate, keep the best weights, save and restore a state.

A learner knows its data, its arithmetic and what makes one evaluation better than another; when to stop, to evaluate
and to save is the session's. All chance in a step must be a function of its place, so that a run resumes to the same
bits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from unrolled.arrays import AnyArray
from unrolled.training.callback import EpochRecord

Arrays: TypeAlias = Mapping[str, AnyArray]


@dataclass(frozen=True)
class Limits:
    """The most epochs, the steps of each, the most steps in all, and the epochs of patience.

    With `to_optimum` a run ends where no step is left to take, long before these limits: its end can't be foretold.
    """

    epochs: int
    steps_per_epoch: int
    max_steps: int | None = None
    patience: int | None = None
    to_optimum: bool = False

    @property
    def planned_steps(self) -> int:
        """Return the steps of all epochs."""
        return self.epochs * self.steps_per_epoch


@dataclass(frozen=True)
class Place:
    """Where a step is: its epoch, from 1, and its number in the epoch and in the run, from 0."""

    epoch: int
    in_epoch: int
    step: int


@dataclass(frozen=True)
class StepResult:
    """The mean loss of a step's examples, before the step, their words, and the learning rate where there is one.

    Only the last step of an epoch may be smaller than the others: it has a `share` of their examples.
    """

    loss: float
    words: int
    learning_rate: float | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Score:
    """The mean loss and the accuracy on held-out examples; None what isn't measured."""

    loss: float | None
    accuracy: float | None = None


class Learner(ABC):
    """A model in training."""

    limits: Limits
    learning_rate: float | None = None  # of the first step
    measured: tuple[str, ...] = ("dev_loss", "dev_accuracy")  # what each evaluation's record has
    slowdown: ClassVar[float] = 1.0  # how much longer than the longest step so far the next one may take

    @abstractmethod
    def threads(self) -> AbstractContextManager[None]:
        """Compute with the threads of the settings within a block."""

    @abstractmethod
    def begin_epoch(self, epoch: int) -> None:
        """Order the epoch's examples; a run that is resumed may be in the middle of it."""

    @abstractmethod
    def step(self, place: Place) -> StepResult | None:
        """Take a step; None where none is left to take. A loss that is not finite ends the run."""

    @abstractmethod
    def evaluate(self, number: int, pause: Callable[[], None]) -> Score:
        """Score the present weights, in the run's evaluation of this number, from 1.

        Call `pause` before each batch: it ends the run where it is too late, or SIGTERM came.
        """

    @abstractmethod
    def is_better(self, score: Score, history: Sequence[EpochRecord]) -> bool:
        """Return whether the weights just evaluated are to be kept in place of those before."""

    @abstractmethod
    def keep(self) -> None:
        """Keep the weights just evaluated as the best."""

    @abstractmethod
    def best_weights(self) -> dict[str, AnyArray]:
        """Return the best weights by name, or the first ones where none were kept."""

    @abstractmethod
    def state_dict(self) -> Arrays:
        """Return all that steps and `keep` change, without copying where possible; always the same names and shapes."""

    @abstractmethod
    def load_state_dict(self, arrays: Arrays) -> None:
        """Restore what `state_dict` returned."""

    def before_evaluation(self) -> Arrays:
        """Copy those arrays of the state that evaluating changes, where a run may resume as if it hadn't evaluated."""
        return {}
