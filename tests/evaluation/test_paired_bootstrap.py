"""Synthetic models of known accuracy → intervals that cover it, and bounds that hold for all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom, binomtest, multivariate_normal, norm

from tests.each import each
from unrolled.arrays import IntArray
from unrolled.comparison.pairwise_tests import against_selected
from unrolled.comparison.run_results import ModelResult
from unrolled.errors import DataError
from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.paired_bootstrap import Difference, PairedBootstrap, Scores, paired_bootstrap, score_bounds


def compare(predictions: list[IntArray], best: int = 0, resamples: int = 500, seed: int = 0) -> PairedBootstrap:
    """Compare models that should say 0."""
    truth = np.zeros(predictions[0].shape[1], np.int64)
    return paired_bootstrap(predictions, truth, best=best, seed=seed, resamples=resamples)


def difference(scores: Scores) -> Difference:
    assert scores.difference is not None
    return scores.difference


@pytest.mark.torture
@pytest.mark.parametrize(("alike", "spread", "texts"), [((0.5, 0.2), 0.005, 500), ((0.98, 0.015), 0.005, 1000)])
def test_intervals_cover_the_truth_95_percent_of_the_time(
    synthetic: Callable[..., Any], alike: tuple[float, float], spread: float, texts: int
) -> None:
    """Where the texts are most of the chance, and where the seeds are: intervals may be somewhat wide, never narrow."""
    generator, accuracies, comparisons = np.random.default_rng(0), np.array([0.85, 0.85, 0.84, 0.8]), 250
    models = synthetic(accuracies, spread, common=alike[0], own=alike[1])
    covered = np.zeros(2)
    for number in range(comparisons):
        found = compare(models.draw(generator, texts), resamples=250, seed=number).models
        pairs = zip((one.accuracy for one in found), accuracies, strict=True)
        covered[0] += np.mean([one.low <= true <= one.high for one, true in pairs])
        pairs = zip((difference(one).interval for one in found[1:]), accuracies[1:] - accuracies[0], strict=True)
        covered[1] += np.mean([one.low <= true <= one.high for one, true in pairs])
    assert (covered >= binom.ppf(0.001, comparisons, 0.95)).all()  # as if the models of a comparison were one
    assert (covered <= 0.99 * comparisons).all()


def test_of_one_seed_the_differences_have_the_textbook_s_standard_error(synthetic: Callable[..., Any]) -> None:
    drawn = synthetic([0.9, 0.88], seeds=1).draw(np.random.default_rng(0), 4000)
    found = compare(drawn, resamples=20_000)
    one_alone, other_alone = int((drawn[0] < drawn[1]).sum()), int((drawn[0] > drawn[1]).sum())
    value = (other_alone - one_alone) / 4000
    error = np.sqrt((one_alone + other_alone + 4) / 4000 - value**2) / np.sqrt(4000)
    of_other = difference(found.models[1])
    assert not found.seeds_known
    assert found.models[0].difference is None
    assert of_other.interval.value == pytest.approx(value)
    assert of_other.from_seeds == 0
    assert of_other.from_texts == pytest.approx(error, rel=0.02)
    low, high = value + error * norm.ppf([0.025, 0.975])
    assert (of_other.interval.low, of_other.interval.high) == pytest.approx((low, high), abs=error / 10)
    assert of_other.surely_above == pytest.approx(value + error * norm.ppf(0.05), abs=error / 10)


def test_bounds_for_all_at_once_use_what_correlates_the_models(synthetic: Callable[..., Any]) -> None:
    """The quantile is that of the largest of correlated normal numbers, by scipy; Bonferroni's is more."""
    drawn = synthetic([0.85] * 6, seeds=1).draw(np.random.default_rng(0), 3000)
    found = [difference(one) for one in compare(drawn, resamples=20_000).models[1:]]
    quantiles = [(one.interval.value - one.surely_above) / one.from_texts for one in found]
    right = np.concatenate(drawn) == 0
    correlation = np.corrcoef(right[1:].astype(int) - right[0].astype(int))
    wanted = brentq(lambda q: multivariate_normal.cdf(np.full(5, q), cov=correlation) - 0.95, 1, 4)
    assert quantiles == pytest.approx([wanted] * 5, abs=0.05)
    assert wanted < norm.ppf(1 - 0.05 / 5) - 0.05


def test_models_of_the_same_answers_differ_by_no_more_than_so_many_texts_can_exclude() -> None:
    """No text of n read differently: the rule of three excludes a loss of 3 / n, and so does the bound, not of 0."""
    for texts in (50, 1000):
        same = np.zeros((1, texts), np.int64)
        found = difference(compare([same, same], resamples=20_000).models[1])
        assert found.interval.value == 0
        assert -4 / texts < found.surely_above < -3 / texts


def test_seeds_count(synthetic: Callable[..., Any]) -> None:
    """Three times the same training is no three seeds that differ; these widen the interval."""
    models = synthetic([0.85, 0.85], 0.03, common=0.9, own=0.09)
    drawn = models.draw(np.random.default_rng(1), 3000)
    once = compare([of_model[:1] for of_model in drawn])
    same = compare([np.tile(of_model[:1], (3, 1)) for of_model in drawn])
    varied = compare(drawn)
    assert [once.seeds_known, same.seeds_known, varied.seeds_known] == [False, True, True]
    assert difference(same.models[1]).from_texts == pytest.approx(difference(once.models[1]).from_texts)
    assert difference(same.models[1]).from_seeds == 0
    assert difference(varied.models[1]).from_seeds > 0.01
    widths = [one.accuracy.high - one.accuracy.low for one in (same.models[0], varied.models[0])]
    assert widths[0] * 1.5 < widths[1]


def test_bounds_for_all_lie_below_those_of_one_alone(synthetic: Callable[..., Any]) -> None:
    drawn = synthetic([0.85, 0.85, 0.84, 0.83]).draw(np.random.default_rng(0), 2000)
    together = compare(drawn, resamples=5000).models
    for number in (1, 2, 3):
        alone = difference(compare([drawn[0], drawn[number]], resamples=5000).models[1])
        assert difference(together[number]).surely_above < alone.surely_above < alone.interval.value


def test_the_order_of_the_models_and_the_place_of_the_best_change_little(synthetic: Callable[..., Any]) -> None:
    drawn = synthetic([0.88, 0.85, 0.8]).draw(np.random.default_rng(0), 2000)
    found = compare(drawn, resamples=5000).models
    turned = compare(drawn[::-1], best=2, resamples=5000).models[::-1]
    for one, other in zip(found[1:], turned[1:], strict=True):
        of_one, of_other = difference(one), difference(other)
        assert of_one.interval.value == pytest.approx(of_other.interval.value)
        assert of_one.surely_above == pytest.approx(of_other.surely_above, abs=0.002)
        assert of_one.interval.low == pytest.approx(of_other.interval.low, abs=0.002)


def test_is_the_same_for_the_same_seed_and_another_for_another(synthetic: Callable[..., Any]) -> None:
    drawn = synthetic([0.85, 0.84]).draw(np.random.default_rng(0), 300)
    assert compare(drawn, seed=3) == compare(drawn, seed=3) != compare(drawn, seed=4)


def test_models_may_have_different_numbers_of_seeds_and_labels_that_no_model_knows() -> None:
    generator = np.random.default_rng(0)
    truth = generator.integers(-1, 3, 400)
    predictions = [np.where(generator.random((seeds, 400)) < 0.9, truth, 0).clip(0) for seeds in (3, 1, 2)]
    found = paired_bootstrap(predictions, truth, best=1, resamples=300)
    for of_model, one in zip(predictions, found.models, strict=True):
        assert one.accuracy.value == pytest.approx((of_model == truth).mean())
        for score in (one.accuracy, one.macro_f1):
            assert 0 <= score.low < score.value < score.high <= 1
    assert [one.difference is None for one in found.models] == [False, True, False]


def test_a_model_alone_is_the_best() -> None:
    (alone,) = compare([np.zeros((3, 50), np.int64)]).models
    assert alone.difference is None
    assert alone.accuracy.value == alone.accuracy.high == alone.macro_f1.value == 1
    assert 0.9 < alone.accuracy.low < 1


def judged(predictions: IntArray, state: Any) -> ModelResult:
    candidate: Any = None
    return ModelResult(candidate, state, "", {seed: [] for seed in range(len(predictions))}, predictions, np.empty(0))


def test_the_unfinished_learn_from_all_how_much_seeds_vary_and_are_compared_with_nothing(
    synthetic: Callable[..., Any],
) -> None:
    """Two seeds alone have Student's t of one degree of freedom, 12.7; the finished don't notice the unfinished."""
    drawn = synthetic([0.85] * 8, 0.04, seeds=2).draw(np.random.default_rng(2), 400)
    finished = [judged(of_model, "finished") for of_model in drawn[:4]]
    stopped = [judged(of_model, "unfinished") for of_model in (*drawn[4:7], drawn[7][:1])]
    truth = np.zeros(400, np.int64)
    found, without = (against_selected(models, finished[0], truth) for models in ([*stopped, *finished], finished))
    assert [found.scores[one] for one in finished] == [without.scores[one] for one in finished]
    assert not set(stopped) & set(found.mcnemar)
    assert [found.scores[one].difference for one in stopped] == [None] * 4
    widths = [score.high - score.low for one in stopped for score in _of(found.scores[one])]
    texts = compare([drawn[7][:1]]).models[0].accuracy
    assert max(widths) < 4 * (texts.high - texts.low)


def test_if_nothing_is_finished_the_best_too_learns_from_the_others(synthetic: Callable[..., Any]) -> None:
    drawn = synthetic([0.85] * 4, 0.02, seeds=2).draw(np.random.default_rng(2), 400)
    models = [judged(of_model, "unfinished") for of_model in (drawn[0][:1], *drawn[1:])]
    found = against_selected(models, models[0], np.zeros(400, np.int64))
    alone = compare([drawn[0][:1]]).models[0].accuracy
    assert found.seeds_known
    assert found.mcnemar == {}
    assert found.scores[models[0]].accuracy.high - found.scores[models[0]].accuracy.low > alone.high - alone.low


def _of(scores: Scores) -> tuple[Interval, Interval]:
    return scores.accuracy, scores.macro_f1


def test_no_text_is_an_error() -> None:
    with pytest.raises(DataError, match="no row to evaluate"):
        paired_bootstrap([np.empty((3, 0), np.int64)], np.empty(0, np.int64), best=0)


@each("level", [0.9, 0.95, 0.999])
@each(("lost", "texts"), [(0, 10), (1, 30), (20, 2000), (30, 30)])
def test_the_score_bound_of_losses_alone_is_wilson_s(lost: int, texts: int, level: float) -> None:
    quantile = float(norm.ppf((1 + level) / 2))
    (found,) = score_bounds(np.array([-lost / texts]), np.ones(1), quantile, texts)
    assert -found == pytest.approx(binomtest(lost, texts).proportion_ci(level, method="wilson").high)


@pytest.mark.parametrize(("found", "step"), [(-0.02, 1.0), (-0.001, 1 / 3), (0.0, 0.5), (0.0005, 1.0)])
def test_the_score_bound_is_as_many_of_its_own_standard_errors_away(found: float, step: float) -> None:
    (bound,) = -score_bounds(np.array([found]), np.array([step]), 2.5, 1000)
    assert found + bound == pytest.approx(2.5 * np.sqrt((step * bound - bound**2) / 1000))
    assert score_bounds(np.array([0.5]), np.array([step]), 2.5, 1000) == np.inf
