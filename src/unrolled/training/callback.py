"""What a run says while it goes on: a record an epoch, and a message a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True)
class EpochRecord:
    """One line of history.jsonl: the state at an evaluation; `loss` is None where no step was taken.

    `learning_rate` is None where the solver has none, a score where the learner doesn't measure it.
    """

    epoch: int
    step: int
    loss: float | None
    dev_loss: float | None
    dev_accuracy: float | None
    best: bool
    learning_rate: float | None
    words_per_second: float
    seconds: float


@dataclass(frozen=True)
class StepMessage:
    """Where the run stands after a step."""

    epoch: int
    step: int
    planned_steps: int
    loss: float
    words_per_second: float
    seconds_left: float


@dataclass(frozen=True)
class FoldMessage:
    """One more model is being trained, without a fold of the texts, to choose thresholds."""

    fold: int
    folds: int


Message: TypeAlias = EpochRecord | StepMessage | FoldMessage
Callback: TypeAlias = Callable[[Message], Any]


def no_callback(_: Message) -> None:
    """Report nothing."""
