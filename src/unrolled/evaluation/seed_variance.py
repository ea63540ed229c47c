"""Scores of each seed of each model, on the texts and on draws of them → the variance that seeds give the means.

Seeds differ in part because a test set is a sample: where they read texts differently, some luck of the texts falls to
each. This part shrinks with more texts and is already in the draws of texts. With s² the variance of a model's S scores
and u what they vary by over the draws of texts alone, s² - u estimates the variance τ² of training itself (the two-way
analysis of variance, seeds × texts; Searle, Casella and McCulloch 1992, chapter 4). The mean's part is τ² / S.

Three seeds tell little about a variance: taken alone, each model's would need Student's t of 2 degrees of freedom, and
the largest of 14 such would exclude nothing. So models help each other: two seeds that read a share δ of the texts
differently cannot lie further apart than δ in accuracy, and the share of δ² / 2 that τ² makes up, estimated from all
models together, is each model's least τ²; one whose own is larger keeps its own. The degrees of freedom are those of
the sum over the models (Satterthwaite 1946): few where one model varies far more than the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from unrolled.arrays import Float64Array, IntArray


@dataclass(frozen=True, eq=False)
class SeedVariance:
    """The variance (models,) of each mean over seeds, and the degrees of freedom with which it is known; 0: not."""

    variances: Float64Array
    freedom: float

    def draw(self, generator: np.random.Generator, resamples: int) -> Float64Array:
        """Draw errors (resamples, models) of the means; all models of a draw share the error of the variances."""
        normal = generator.standard_normal((resamples, len(self.variances))) * np.sqrt(self.variances)
        if not self.freedom:
            return normal
        return normal * np.sqrt(self.freedom / generator.chisquare(self.freedom, size=(resamples, 1)))


def seed_disagreement(predictions: IntArray) -> float:
    """Half the mean of δ², the squared share of texts that two of the seeds (seeds, texts) read differently."""
    pairs = [float((one != other).mean()) ** 2 for one, other in combinations(predictions, 2)]
    return sum(pairs) / len(pairs) / 2 if pairs else 0.0


def seed_variance(scores: Sequence[Float64Array], draws: Sequence[Float64Array], gaps: Sequence[float]) -> SeedVariance:
    """Estimate from each model's scores (seeds,), draws of them (resamples, seeds), and `apart` of its predictions.

    A model of one seed is taken to vary as the others do on average, leaving out those whose seeds agree on every text,
    in which nothing is left to chance; where no others have two, nothing can be known.
    """
    seeds = np.array([len(own) for own in scores])
    known, weights = seeds > 1, seeds - 1.0
    by_chance = known & (np.asarray(gaps) > 0)
    if not by_chance.any() and not known.all():
        return SeedVariance(np.zeros(len(seeds)), 0.0)
    between = np.array([own.var(ddof=1) if len(own) > 1 else 0.0 for own in scores])
    excess = between - [_of_texts(drawn) for drawn in draws]
    most = np.where(known, gaps, np.mean(np.asarray(gaps)[by_chance]) if by_chance.any() else 0.0)
    pooled = max(float(weights @ excess), 0.0) / max(float(weights @ most), np.finfo(float).tiny)
    return SeedVariance(np.maximum(excess, pooled * most) / seeds, _freedom(between, weights))


def _of_texts(drawn: Float64Array) -> float:
    """How much the seeds of a model vary by the draws of the texts alone."""
    resamples, seeds = drawn.shape
    if seeds == 1 or resamples == 1:
        return 0.0
    apart_by = drawn - drawn.mean(axis=1, keepdims=True)
    return float(apart_by.var(axis=0, ddof=1).sum() / (seeds - 1))


def _freedom(between: Float64Array, weights: Float64Array) -> float:
    total, squares = float(weights @ between), float(weights @ between**2)
    return total**2 / squares if squares else float(weights.sum())
