"""Choices and texts, such as opinions made here → what the estimator fits to them; its bits; a clock that is moved."""

from __future__ import annotations

from typing import Any

import numpy as np

from unrolled.training import fit as training_fit
from unrolled.training.fit import FitResult, gather_for
from unrolled.training.run_config import RunConfig

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


def fit(run_config: RunConfig, labelled: Any, dev: Any, classes: list[str], **how: Any) -> FitResult:
    """Gather the texts as the estimator does, then fit."""
    return training_fit.fit(
        run_config, gather_for(run_config, *labelled), dev and gather_for(run_config, *dev), classes, **how
    )


def bits(found: FitResult) -> dict[str, bytes]:
    return {name: weight.tobytes() for name, weight in found.model.weights.items()}
