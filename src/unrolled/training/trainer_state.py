"""Where a run stands between two steps ↔ JSON: with the seed, all chance that is still to come is a function of it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, get_args, get_type_hints

from unrolled.errors import checkpoint as errors
from unrolled.training.callback import EpochRecord
from unrolled.training.deadline import Deadline
from unrolled.training.result import TrainingResult

Record = TypeVar("Record", bound="TrainerState | EpochRecord")

_SCORES = ("dev_loss", "dev_accuracy")


@dataclass(frozen=True)
class TrainerState:
    """The epoch (from 1), the steps taken in it and their mean loss; all steps; the clock; the evaluations so far."""

    epoch: int
    taken: int
    loss: float
    rate: float
    steps: int
    best_step: int
    seconds: float
    words: int
    training_seconds: float
    longest_step: float
    history: list[EpochRecord]

    @classmethod
    def of(
        cls, outcome: TrainingResult, watch: Deadline, *, epoch: int, taken: int, loss: float, rate: float
    ) -> TrainerState:
        """Take from a run's outcome so far and its clock what going on takes of them."""
        return cls(
            *(epoch, taken, loss, rate, outcome.steps, outcome.best_step),
            *(watch.elapsed, watch.words, watch.training_seconds, watch.longest_step, outcome.history),
        )

    def reject_impossible(self, epochs: int, steps: int, measured: Collection[str] = _SCORES) -> None:
        """Raise a FolderError for what no run with these numbers of epochs and steps leaves."""
        ends = [(number * steps, number) for number, _ in enumerate(self.history, start=1)]
        best = [record.step for record in self.history if record.best]
        times = (self.rate, self.seconds, self.training_seconds, self.longest_step)
        right = (
            ends == [(record.step, record.epoch) for record in self.history]
            and self.steps == (self.epoch - 1) * steps + self.taken
            and self.epoch == len(self.history) + 1 <= epochs + 1
            and self.taken <= steps
            and bool(best) == bool(self.history)
            and self.best_step in (0, *best[-1:])
            and min(times) >= 0
            and self.words < 2**63
            and all(0 <= (record.dev_accuracy or 0) <= 1 for record in self.history)
            and all(
                (getattr(record, name) is not None) == (name in measured) for record in self.history for name in _SCORES
            )
        )
        if not right:
            raise errors.wrong_position()

    def restore(self, outcome: TrainingResult, watch: Deadline) -> None:
        """Restore it to an outcome and a clock that have just begun."""
        outcome.steps, outcome.history = self.steps, list(self.history)
        outcome.best_step = max((record.step for record in self.history if record.best), default=0)
        watch.resume(self.seconds, self.words, self.training_seconds, self.longest_step)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON, which keeps every bit of its numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> TrainerState:
        """Read it back; FolderError for anything that isn't what `as_json` gives."""
        return _read(cls, content)


def _read(kind: type[Record], content: object) -> Record:
    hints = get_type_hints(kind)
    if not isinstance(content, dict) or set(content) != set(hints):
        raise errors.wrong_position()
    values: dict[str, Any] = {}
    for name, hint in hints.items():
        value = content[name]
        if dataclasses.is_dataclass(next(iter(get_args(hint)), None)):
            if not isinstance(value, list):
                raise errors.wrong_position()
            values[name] = [_read(EpochRecord, item) for item in value]
        elif type(value) in (get_args(hint) or (hint,)) and _is_right(value):
            values[name] = value
        else:
            raise errors.wrong_position()
    return kind(**values)


def _is_right(value: float | None) -> bool:
    return value is None or (math.isfinite(value) and (type(value) is float or value >= 0))
