"""Predictions of models (seeds, texts) and the truth (texts,) → scores with intervals, differences from the best.

A draw takes texts with replacement, the same for all models, and scores the mean over the seeds; to it are added

- an error of the seeds, normal with the variance of `seed_variance.py`. To resample three seeds themselves has six
  different results and, unless two of three are drawn (Rao and Wu 1988), too small a variance; and what the choice of
  texts does to the seeds would be counted twice. A normal error has the same two moments and neither fault;
- an error of standard deviation √2 / texts. Where two models answer alike on all texts, so they do on every draw, which
  would pretend to be certain. A difference thus varies as if four more texts were read differently, the pseudo-counts
  of Agresti and Coull (1998), which for paired shares Agresti and Min (2005) recommend.

Intervals are percentiles. Bounds that hold for all models at once: t = (drawn - found) / standard error, the largest t
of a draw's models, and its 95 % quantile q: difference - q · standard error (single-step max-t; Hothorn, Bretz and
Westfall 2008). What correlates the models, the best above all, is in the draws and so in q. Where losses are rare their
number may by chance be small, and the standard error with it; so a bound is never above the score bound, whose standard
error is that of the bound itself (Wilson 1927; for paired shares Tango 1998): `score_bounds`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import BoolArray, Float64Array, IntArray
from unrolled.errors import evaluation as errors
from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.seed_variance import SeedVariance, seed_disagreement, seed_variance
from unrolled.evaluation.text_draws import cells_of, drawn_accuracies, drawn_macro_f1s, macro_f1s

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """Accuracy less that of the best, a share; the bound for all models at once; standard errors by their cause."""

    interval: Interval
    surely_above: float
    from_texts: float
    from_seeds: float


@dataclass(frozen=True)
class Scores:
    """What is known of one model, means over its seeds; `difference` is None of the best itself."""

    accuracy: Interval
    macro_f1: Interval
    difference: Difference | None


@dataclass(frozen=True)
class PairedBootstrap:
    """The models in their order; unless `seeds_known`, no model has two seeds, and intervals are of the texts alone."""

    models: list[Scores]
    seeds_known: bool


def paired_bootstrap(
    predictions: Sequence[IntArray], truth: IntArray, *, best: int, seed: int = 0, resamples: int = 2000
) -> PairedBootstrap:
    """Compare models on the same texts; labels are integers, and a true one that no model knows is always missed.

    `predictions` holds (seeds, texts) of each model, which may differ in seeds; `best` is a place among them, chosen on
    other texts. The same for the same seed. Raises DataError where there is no text.
    """
    if not len(truth):
        raise errors.no_rows()
    right = [of_model == truth for of_model in predictions]
    gaps = [seed_disagreement(of_model) for of_model in predictions]
    accuracies, differences, seeds_known = paired_accuracies(right, gaps, best=best, seed=seed, resamples=resamples)
    columns = (accuracies, _macro_f1s(predictions, truth, gaps, seed, resamples), differences)
    return PairedBootstrap([Scores(*of_model) for of_model in zip(*columns, strict=True)], seeds_known)


def paired_accuracies(
    right: Sequence[BoolArray], gaps: Sequence[float], *, best: int, seed: int, resamples: int
) -> tuple[list[Interval], list[Difference | None], bool]:
    """Return accuracies, differences and whether seeds are known, of which texts each model has right (seeds, texts).

    `gaps` is `apart` of each model's predictions.
    """
    generator, texts = np.random.default_rng(seed), right[0].shape[1]
    of_all = drawn_accuracies(np.concatenate(right), generator, resamples)
    draws = np.split(of_all, np.cumsum([len(of_model) for of_model in right])[:-1], axis=1)
    found = [of_model.mean(axis=1) for of_model in right]
    seeds = seed_variance(found, draws, gaps)
    values, drawn = _together(found, draws, seeds, texts, generator)
    steps = _steps(right, best)
    differences = _differences(values, drawn, _means(draws), seeds.variances, texts, best, steps)
    return _intervals(values, drawn, 0.0), differences, seeds.freedom > 0


def _macro_f1s(
    predictions: Sequence[IntArray], truth: IntArray, gaps: Sequence[float], seed: int, resamples: int
) -> list[Interval]:
    generator, cells = np.random.default_rng(seed), [cells_of(truth, of_model) for of_model in predictions]
    found = [macro_f1s(of_model) for of_model in cells]
    draws = [drawn_macro_f1s(of_model, generator, resamples) for of_model in cells]
    return _intervals(*_together(found, draws, seed_variance(found, draws, gaps), len(truth), generator), 0.0)


def _together(
    found: Sequence[Float64Array],
    draws: Sequence[Float64Array],
    seeds: SeedVariance,
    texts: int,
    generator: np.random.Generator,
) -> tuple[Float64Array, Float64Array]:
    """Return the means over the seeds (models,), and draws (resamples, models) of them with every error."""
    values, drawn = np.array([own.mean() for own in found]), _means(draws)
    drawn = drawn + seeds.draw(generator, len(drawn))
    return values, drawn + generator.normal(0, math.sqrt(2) / texts, drawn.shape)


def _means(draws: Sequence[Float64Array]) -> Float64Array:
    return np.stack([of_model.mean(axis=1) for of_model in draws], axis=1)


def _intervals(values: Float64Array, drawn: Float64Array, least: float) -> list[Interval]:
    """Cut the draws (resamples, models) at their percentiles, and what no score can be, below `least` or above 1."""
    low, high = np.clip(_quantiles(drawn, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)), least, 1.0)
    return [Interval(*map(float, of_model)) for of_model in zip(values, low, high, strict=True)]


def _steps(right: Sequence[BoolArray], best: int) -> Float64Array:
    """Return by how much a model and the best differ on a text where they do, squares over sizes: (models,).

    1 where there is one seed or all seeds agree; a third where of three seeds one differs here, another there.
    """
    means = np.stack([of_model.mean(axis=0) for of_model in right])
    apart_by = np.abs(means - means[best])
    sizes = apart_by.sum(axis=1)
    return np.asarray(np.divide((apart_by**2).sum(axis=1), sizes, out=np.ones(len(right)), where=sizes > 0))


def score_bounds(found: Float64Array, steps: Float64Array, quantile: float, texts: int) -> Float64Array:
    """Find the loss x that is q of its own standard errors from what was found, d: (models,); none is infinite.

    (d + x)^2 = q^2 (s x - x^2) / N        a loss of x in steps of s has at least this variance
    """
    a, spread = 1 + quantile**2 / texts, quantile**2 / texts
    b = spread * steps - 2 * found
    root = b**2 - 4 * a * found**2
    loss = (b + np.sqrt(np.maximum(root, 0))) / (2 * a)
    return np.where((root >= 0) & (loss > 0), -loss, np.inf)


def _differences(
    values: Float64Array,
    drawn: Float64Array,
    of_texts: Float64Array,
    variances: Float64Array,
    texts: int,
    best: int,
    steps: Float64Array,
) -> list[Difference | None]:
    from_texts = np.sqrt((of_texts - of_texts[:, [best]]).var(axis=0, ddof=1) + 4 / texts**2)
    from_seeds = np.sqrt(variances + variances[best])
    standard_errors, others = np.hypot(from_texts, from_seeds), np.arange(len(values)) != best
    found, drawn = values - values[best], drawn - drawn[:, [best]]
    largest = ((drawn - found) / standard_errors)[:, others].max(axis=1, initial=-np.inf)
    quantile = float(_quantiles(largest, CONFIDENCE)) if others.any() else 0.0
    surely_above = np.minimum(found - quantile * standard_errors, score_bounds(found, steps, quantile, texts))
    columns = (_intervals(found, drawn, -1.0), surely_above.tolist(), from_texts.tolist(), from_seeds.tolist())
    differences = [Difference(*of_model) for of_model in zip(*columns, strict=True)]
    return [one if other else None for one, other in zip(differences, others, strict=True)]


def _quantiles(drawn: Float64Array, shares: float | tuple[float, float]) -> Float64Array:
    """Cut where one more draw would fall below with this probability (Davison and Hinkley 1997, section 5.2.3)."""
    return np.asarray(np.quantile(drawn, shares, axis=0, method="weibull"))
