"""Models and texts → how long each takes for a text alone and how many texts a second together, on one thread.

Measured by turns, so that the moods of a busy machine fall on all models alike.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from unrolled.kernels import run_parallel
from unrolled.prediction.text_model import TextModel
from unrolled.training.deadline import Clock, monotonic

ALONE, TOGETHER, FEW = 200, 1024, 64  # texts; a few are read together in any case
ROUNDS = 5

Name = TypeVar("Name")


@dataclass(frozen=True)
class Speed:
    """The median of texts read alone, in milliseconds, and texts a second of those read together."""

    milliseconds_alone: float
    texts_per_second: float


def speeds(
    models: Mapping[Name, TextModel], texts: Sequence[str], *, seconds: float = 1.0, clock: Clock = monotonic
) -> dict[Name, Speed]:
    """Read the first texts with each model, for about this many seconds each."""
    texts, turn_takes = texts or [""], seconds / 2 / ROUNDS
    alone: dict[Name, list[float]] = {name: [] for name in models}
    together: dict[Name, list[float]] = {name: [] for name in models}
    with run_parallel.threads(1):
        batches = {name: texts[: _fitting(model, texts, turn_takes, clock)] for name, model in models.items()}
        for turn in range(ROUNDS):
            for name, model in models.items():
                alone[name] += _alone(model, texts[turn:ALONE:ROUNDS] or texts[:1], turn_takes, clock)
                together[name].append(_together(model, batches[name], turn_takes, clock))
    return {name: Speed(1000 * statistics.median(alone[name]), statistics.median(together[name])) for name in models}


def _fitting(model: TextModel, texts: Sequence[str], seconds: float, clock: Clock) -> int:
    """Count the texts that can be read together in the time, by reading a few, which also fills buffers and caches."""
    began = clock()
    model.probabilities(texts[:FEW])
    return int(min(TOGETHER, max(FEW, FEW * seconds / max(clock() - began, 1e-9))))


def _alone(model: TextModel, texts: Sequence[str], seconds: float, clock: Clock) -> list[float]:
    """Time texts one by one, at least one, until the time is over."""
    taken: list[float] = []
    for text in texts:
        began = clock()
        model.probabilities([text])
        taken.append(clock() - began)
        if sum(taken) > seconds:
            break
    return taken


def _together(model: TextModel, texts: Sequence[str], seconds: float, clock: Clock) -> float:
    """Read all texts again and again, at least once, until the time is over."""
    began, read = clock(), 0
    while not read or clock() - began < seconds:
        model.probabilities(texts)
        read += len(texts)
    return read / max(clock() - began, 1e-9)
