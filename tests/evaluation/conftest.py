"""True accuracies → models with seeds whose errors are correlated, as predictions on texts whose truth is 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from threadpoolctl import threadpool_limits


@dataclass(frozen=True)
class Synthetic:
    """Models that a training yields: accuracies are means over all seeds, their spread a standard deviation.

    Each text has a difficulty, normal with variance 1: a part common to all models, a part of a model's own, the rest
    of each seed's own. A seed is right where the difficulty lies below the quantile of its accuracy.
    """

    accuracies: Sequence[float]
    spread: float | Sequence[float] = 0.005
    seeds: int = 3
    common: float = 0.5
    own: float = 0.2

    def draw(self, generator: np.random.Generator, texts: int) -> list[NDArray[np.int64]]:
        """Train all seeds and let them predict: 0 is right, 1 is wrong."""
        models = len(self.accuracies)
        luck = generator.normal(size=(models, self.seeds)) * np.reshape(self.spread, (-1, 1))
        quantiles = ndtri(np.clip(np.reshape(self.accuracies, (-1, 1)) + luck, 1e-6, 1 - 1e-6))
        parts = ((self.common, (1, 1)), (self.own, (models, 1)), (1 - self.common - self.own, (models, self.seeds)))
        difficulty = sum(np.sqrt(share) * generator.normal(size=(*shape, texts)) for share, shape in parts)
        return list((difficulty >= quantiles[..., np.newaxis]).astype(np.int64))


@pytest.fixture(scope="session")
def synthetic() -> Callable[..., Synthetic]:
    """Make models of known accuracy."""
    return Synthetic


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Let BLAS use one thread: on a busy machine several of them wait for each other at every small product."""
    with threadpool_limits(1):
        yield
