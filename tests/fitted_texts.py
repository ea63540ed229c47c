"""Choices and texts, such as opinions made here → what the estimator fits to them; its bits; a clock that is moved."""

from __future__ import annotations

from typing import Any

import numpy as np

from unrolled.training import fit as training_fit
from unrolled.training.callback import Callback, no_callback
from unrolled.training.deadline import Deadline, monotonic
from unrolled.training.fit import FitResult, gather_for
from unrolled.training.run_config import RunConfig
from unrolled.training.run_context import RunContext

OPINIONS = {"neg": ["dull", "awful", "slow"], "pos": ["fine", "lovely", "moving"], "so-so": ["long", "fine", "dull"]}


class Clock:
    """A clock that stands still but where it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def labelled(count: int, classes: int = 3, seed: int = 0) -> tuple[list[str], list[str]]:
    random, names = np.random.default_rng(seed), list(OPINIONS)[:classes]
    labels = [names[n % classes] for n in range(count)]
    chosen = [[*random.choice(OPINIONS[label], 3), *random.choice(["a", "the", "Film,", "and"], 4)] for label in labels]
    return [" ".join(random.permutation(some)) for some in chosen], labels


def fit(
    run_config: RunConfig,
    labelled: Any,
    dev: Any,
    classes: list[str],
    *,
    report: Callback = no_callback,
    started: float | None = None,
    clock: Any = monotonic,
) -> FitResult:
    """Gather the texts as the estimator does, then fit."""
    context = RunContext(callback=report, deadline=Deadline(started=started, clock=clock))
    corpora = gather_for(run_config, *labelled), dev and gather_for(run_config, *dev)
    return training_fit.fit(run_config, *corpora, classes, context)


def bits(found: FitResult) -> dict[str, bytes]:
    return {name: weight.tobytes() for name, weight in found.model.weights.items()}
