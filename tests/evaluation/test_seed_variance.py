"""Scores of seeds → the variance that training has, apart from the luck of the texts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest
from scipy.stats import t as student

from unrolled.evaluation.seed_variance import SeedVariance, seed_disagreement, seed_variance
from unrolled.evaluation.text_draws import drawn_accuracies


def of_right(right: list[NDArray[np.bool_]], resamples: int = 500) -> SeedVariance:
    """Estimate from which texts the seeds (seeds, texts) of each model have right."""
    draws = [drawn_accuracies(of_model, np.random.default_rng(0), resamples) for of_model in right]
    gaps = [seed_disagreement(of_model.astype(np.int64)) for of_model in right]
    return seed_variance([of_model.mean(axis=1) for of_model in right], draws, gaps)


def still(scores: list[float]) -> NDArray[np.float64]:
    """Draws on which the texts have no luck to give."""
    return np.tile(scores, (10, 1))


def test_is_the_analysis_of_variance_of_seeds_and_texts() -> None:
    """τ² = s² - interaction / texts, the interaction what neither the seed nor the text explains."""
    generator = np.random.default_rng(0)
    right = generator.random((3, 400)) < np.array([[0.6], [0.8], [0.9]]) * generator.random(400) ** 0.2
    shares = right.mean(axis=1, keepdims=True)
    left = right - shares - right.mean(axis=0) + right.mean()
    interaction = (left**2).sum() / (2 * 399)
    wanted = (shares.var(ddof=1) - interaction / 400) / 3
    assert of_right([right], 20_000).variances == pytest.approx([wanted], rel=0.02)


def test_without_luck_of_the_texts_it_is_the_variance_of_drawing_two_of_three_seeds() -> None:
    """All draws of S - 1 of S seeds with replacement (Rao and Wu 1988), enumerated."""
    scores = [0.80, 0.83, 0.81]
    means = [np.mean(chosen) for chosen in product(scores, repeat=2)]
    found = seed_variance([np.array(scores)], [still(scores)], [0.1])
    assert found.variances == pytest.approx([np.var(means)])
    assert found.freedom == pytest.approx(2)


def test_three_seeds_that_agree_by_chance_borrow_from_models_that_don_t() -> None:
    scores = [[0.80, 0.84, 0.82], [0.7, 0.7, 0.7]]
    spread = np.var(scores[0], ddof=1)
    gaps = [0.01, 0.005]
    found = seed_variance([np.array(own) for own in scores], [still(own) for own in scores], gaps)
    # 0.0004 of 0.015 apart: the second gets its share of what its seeds read differently, the first keeps its own.
    assert found.variances == pytest.approx([spread / 3, spread * 0.005 / 0.015 / 3])


def test_a_model_of_one_seed_borrows_from_those_with_chance_in_them_alone() -> None:
    scores = [np.array(own) for own in ([0.80, 0.84, 0.82], [0.9, 0.9, 0.9], [0.7])]
    draws = [still(list(own)) for own in scores]
    found = seed_variance(scores, draws, [0.01, 0.0, 0.0])
    spread = np.var(scores[0], ddof=1)
    assert found.variances == pytest.approx([spread / 3, 0, spread])
    nothing = seed_variance(scores[1:], draws[1:], [0.0, 0.0])
    assert (nothing.variances.tolist(), nothing.freedom) == ([0, 0], 0)


def test_a_model_that_training_makes_the_same_every_time_has_none() -> None:
    generator = np.random.default_rng(0)
    same, varied = np.tile(generator.random(300) < 0.8, (3, 1)), generator.random((3, 300)) < [[0.6], [0.8], [0.9]]
    found = of_right([same, varied])
    assert found.variances[0] == 0
    assert found.variances[1] > 0


@pytest.mark.parametrize(("spreads", "freedom"), [((1, 1, 1), 6), ((1, 0, 0), 2), ((1, 1, 0), 4), ((0, 0, 0), 6)])
def test_degrees_of_freedom_count_the_models_that_tell_something(spreads: tuple[int, ...], freedom: int) -> None:
    scores = [[0.8, 0.8 + spread / 100, 0.8 - spread / 100] for spread in spreads]
    found = seed_variance([np.array(own) for own in scores], [still(own) for own in scores], [0.1] * 3)
    assert found.freedom == pytest.approx(freedom)


def test_of_single_seeds_nothing_is_known() -> None:
    found = seed_variance([np.array([0.8]), np.array([0.7])], [still([0.8]), still([0.7])], [0.0, 0.0])
    assert found.freedom == 0
    assert found.variances.tolist() == [0, 0]
    assert not found.draw(np.random.default_rng(0), 9).any()


def test_a_single_seed_is_taken_to_vary_as_others_do_and_gets_no_mean_of_several() -> None:
    scores = [[0.80, 0.84, 0.82], [0.7]]
    found = seed_variance([np.array(own) for own in scores], [still(own) for own in scores], [0.01, 0.0])
    assert found.variances == pytest.approx([0.0004 / 3, 0.0004])


@pytest.mark.parametrize("freedom", [2.0, 7.5])
def test_errors_have_student_s_distribution(freedom: float) -> None:
    drawn = SeedVariance(np.array([4.0, 0.0]), freedom).draw(np.random.default_rng(0), 20_000)
    assert kstest(drawn[:, 0] / 2, student(freedom).cdf).pvalue > 0.001
    assert not drawn[:, 1].any()


def test_is_right_on_average_whatever_the_texts_do(synthetic: Callable[..., Any]) -> None:
    """Also on few texts, where most of what sets seeds apart is the texts' luck; never less on average, hardly more."""
    generator = np.random.default_rng(0)
    models = synthetic([0.85] * 8, spread=0.01)
    drawn = [[of_model == 0 for of_model in models.draw(generator, 1000)] for _ in range(100)]
    found = np.mean([of_right(right, 100).variances for right in drawn])
    assert 1e-4 / 3 < found < 1.6 * 1e-4 / 3


def test_apart_is_half_the_mean_square_of_the_shares_read_differently() -> None:
    predictions = np.array([[0, 0, 0, 0], [0, 0, 1, 1], [2, 0, 1, 0]])
    assert seed_disagreement(predictions) == pytest.approx((0.5**2 + 0.5**2 + 0.5**2) / 3 / 2)
    assert seed_disagreement(predictions[:1]) == 0
