"""Synthetic models of known accuracy → a choice that errs at most 5 % of the time, and what decided it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from tests.each import each
from unrolled.comparison.recommendation import Decision, MeasuredModel, recommend
from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.paired_bootstrap import Difference, paired_accuracies
from unrolled.evaluation.seed_variance import seed_disagreement

MARGIN = 0.01
BEYOND = 0.0101
COMPARISONS = 400
OF_TEXTS = {"common": 0.5, "own": 0.2}  # seeds of a model read 15 % of the texts differently
OF_SEEDS = {"common": 0.985, "own": 0.01}  # 3 %: most of the chance is in the seeds' own accuracies

CASES: dict[str, tuple[dict[str, Any], int]] = {
    "many just beyond the margin": ({"accuracies": [0.85] + [0.85 - BEYOND] * 5, **OF_TEXTS}, 500),
    "and most of the chance is the seeds'": ({"accuracies": [0.85] + [0.85 - BEYOND] * 5, **OF_SEEDS}, 1000),
    "and some vary far more than others": (
        {"accuracies": [0.85] + [0.85 - BEYOND] * 5, "spread": [0.001, 0.008, 0.008, 0.001, 0.001, 0.001], **OF_SEEDS},
        1000,
    ),
    "just one": ({"accuracies": [0.85, 0.85 - BEYOND], **OF_TEXTS}, 500),
    "few texts that nearly all have right": (
        {"accuracies": [0.999] + [0.999 - BEYOND] * 5, "spread": 0.0, "seeds": 1},
        300,
    ),
}


def chosen(models: Any, generator: np.random.Generator, texts: int, dev: int = 0) -> tuple[int, int, Decision]:
    """Train, select on validation texts, compare on others, choose; later models are cheaper."""
    drawn = models.draw(generator, dev + texts)
    best = int(np.argmin([of_model[:, :dev].mean() for of_model in drawn])) if dev else 0
    tested = [of_model[:, dev:] for of_model in drawn]
    seed, gaps = int(generator.integers(2**31)), [seed_disagreement(of_model) for of_model in tested]
    _, differences, _ = paired_accuracies([one == 0 for one in tested], gaps, best=best, seed=seed, resamples=200)
    candidates = [MeasuredModel(str(n), len(drawn) - n, 1.0, one, 0.8, 0.8) for n, one in enumerate(differences)]
    choice = recommend(candidates, margin=MARGIN, texts=texts)
    return best, int(choice.taken.name), choice


@pytest.mark.torture
@each("case", CASES)
def test_recommends_a_model_beyond_the_margin_at_most_5_percent_of_the_time(
    case: str, synthetic: Callable[..., Any]
) -> None:
    options, texts = CASES[case]
    generator, models = np.random.default_rng(0), synthetic(**options)
    wrong = sum(chosen(models, generator, texts)[1] != 0 for _ in range(COMPARISONS))
    assert wrong <= binom.ppf(0.999, COMPARISONS, 0.05)


def test_errs_as_little_where_the_selected_alone_had_time_for_one_seed_only(synthetic: Callable[..., Any]) -> None:
    generator, models = np.random.default_rng(0), synthetic([0.85] + [0.85 - BEYOND] * 5, **OF_SEEDS)

    class Hurried:
        def draw(self, *given: Any) -> Any:
            best, *others = models.draw(*given)
            return [best[:1], *others]

    wrong = sum(chosen(Hurried(), generator, 1000)[1] != 0 for _ in range(COMPARISONS))
    assert wrong <= binom.ppf(0.999, COMPARISONS, 0.05)


@pytest.mark.parametrize(("models", "seeds"), [(5, 1), (13, 1), (13, 3)])
def test_errs_as_little_where_losses_are_rare_and_all_on_one_side(models: int, seeds: int) -> None:
    generator, wrong = np.random.default_rng(0), 0
    for _ in range(COMPARISONS // 2):
        best = np.tile(generator.random(2000) > 0.15, (seeds, 1))
        right = [best, *(best & (generator.random(2000) > BEYOND / 0.85) for _ in range(models))]  # alike for all seeds
        seed, gaps = (
            int(generator.integers(2**31)),
            [seed_disagreement(of_model.astype(np.int64)) for of_model in right],
        )
        _, differences, _ = paired_accuracies(right, gaps, best=0, seed=seed, resamples=200)
        wrong += any(one.surely_above >= -MARGIN for one in differences if one)
    assert wrong <= binom.ppf(0.999, COMPARISONS // 2, 0.05)


def test_errs_as_little_where_the_best_is_chosen_among_equals_on_other_texts(synthetic: Callable[..., Any]) -> None:
    accuracies = [0.85, 0.85, 0.846, 0.85 - BEYOND, 0.85 - BEYOND, 0.82]
    generator, models = np.random.default_rng(0), synthetic(accuracies, **OF_SEEDS)
    runs = [chosen(models, generator, 500, dev=300) for _ in range(COMPARISONS)]
    wrong = sum(accuracies[model] < accuracies[best] - MARGIN for best, model, _ in runs)
    assert wrong <= binom.ppf(0.999, COMPARISONS, 0.05)


def test_with_enough_texts_it_finds_the_cheap_model_and_with_few_it_asks_for_about_so_many(
    synthetic: Callable[..., Any],
) -> None:
    """The cheapest is far worse, the next as good as the best."""
    generator, models = np.random.default_rng(0), synthetic([0.85, 0.85, 0.75], 0.0005, **OF_TEXTS)
    many = [chosen(models, generator, 20_000)[1] for _ in range(20)]
    few = [chosen(models, generator, 400)[2] for _ in range(100)]
    assert many.count(1) >= 18
    assert sum(one.taken.name == "0" for one in few) >= 90
    asked = [one.texts_needed for one in few if one.texts_needed]
    assert len(asked) > 30
    assert 1000 < np.median(asked) < 20_000


def difference(value: float, *, surely: float, seeds: float = 0.0) -> Difference:
    """A difference whose bound lies two standard errors below it."""
    error = (value - surely) / 2
    return Difference(
        Interval(value, value - 2 * error, value + 2 * error), surely, (error**2 - seeds**2) ** 0.5, seeds
    )


def of(best: tuple[float, float], *others: tuple[str, float, float, Difference]) -> Decision:
    candidates = [MeasuredModel(*other, accuracy=0.8, validation_accuracy=0.8) for other in others]
    return recommend([*candidates, MeasuredModel("best", *best, None, 0.8, 0.8)], margin=0.01, texts=1000)


CLOSE = difference(-0.002, surely=-0.009)
FAR = difference(-0.05, surely=-0.06)
WIDE = difference(-0.002, surely=-0.034)


def test_of_those_that_pass_none_is_smaller_and_faster_than_the_recommended_and_its_cost_is_the_least() -> None:
    generator = np.random.default_rng(0)
    for _ in range(300):
        bounds = generator.uniform(-0.02, 0.0, 6)
        sizes, times = generator.integers(1, 5, (2, 7)).astype(float)
        others = [(str(n), sizes[n], times[n], difference(0.0, surely=bounds[n])) for n in range(6)]
        found = of((sizes[6], times[6]), *others)
        passing = {"best": (sizes[6], times[6])} | {n: (s, t) for n, s, t, d in others if d.surely_above >= -0.01}
        size, time = passing[found.taken.name]
        assert not [1 for s, t in passing.values() if s <= size and t <= time and (s, t) != (size, time)]
        assert size * time == min(s * t for s, t in passing.values())


@each(
    ("others", "model", "finding", "in_question", "needed"),
    [
        ([("a", 1, 1, CLOSE)], "a", "cheaper", None, None),
        ([("a", 1, 1, difference(0.02, surely=0.01))], "a", "cheaper", None, None),
        ([("a", 1, 1, FAR)], "best", "all_lose", None, None),
        ([("a", 9, 9, CLOSE)], "best", "cheapest", None, None),
        ([], "best", "cheapest", None, None),
        # The bound lies 0.032 below, and may lie 0.008 below: 16 times the texts.
        ([("a", 1, 1, WIDE), ("b", 1, 1, FAR)], "best", "few_texts", "a", 16_000),
        ([("a", 1, 1, difference(-0.012, surely=-0.03))], "best", "all_lost", None, None),
        ([("a", 1, 1, difference(-0.002, surely=-0.034, seeds=0.0041))], "best", "few_seeds", "a", None),
        # Half of the 0.004 that may be left is the seeds': (0.016² - 0.002²) / (0.004² - 0.002²) = 21.
        ([("a", 1, 1, difference(-0.002, surely=-0.034, seeds=0.002))], "best", "few_texts", "a", 21_000),
    ],
)
def test_finds_what_decided_and_what_would_help(
    others: Sequence[tuple[str, float, float, Difference]],
    model: str,
    finding: str,
    in_question: str | None,
    needed: int | None,
) -> None:
    found = of((2.0, 2.0), *others)
    assert (found.taken.name, found.finding, found.texts_needed) == (model, finding, needed)
    assert (found.in_question and found.in_question.name) == in_question
    assert found.selected.name == "best"


def test_the_model_that_needs_the_fewest_texts_is_asked_about() -> None:
    found = of((2, 2), ("a", 1, 1, WIDE), ("b", 1, 2, difference(0.0, surely=-0.02)), ("c", 1, 1, CLOSE))
    assert found.taken.name == "c"
    found = of((2, 2), ("a", 1, 1, WIDE), ("b", 1, 2, difference(0.0, surely=-0.02)))
    assert found.in_question
    assert found.in_question.name == "b"
    assert found.texts_needed == 4000


def test_texts_that_are_enough_by_a_hair_less_are_asked_for_as_more_than_there_are() -> None:
    found = of((2, 2), ("a", 1, 1, difference(0.0, surely=-0.0100001)))
    assert found.texts_needed is not None
    assert found.texts_needed > 1000
