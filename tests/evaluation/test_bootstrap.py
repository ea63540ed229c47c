"""A confusion matrix → the distribution that resampling the rows one by one gives, within Monte Carlo error."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score

from unrolled.evaluation import bootstrap
from unrolled.evaluation.bootstrap import Interval, intervals, resampled

# Classes of all sizes: one never predicted, one never true, one with a single row that many resamples lack.
MATRIX = np.array([[20, 3, 0, 1], [4, 9, 0, 2], [1, 0, 0, 0], [0, 0, 0, 0]])


def row_by_row(matrix: NDArray[np.int64], resamples: int) -> NDArray[np.float64]:
    """Draw rows with replacement and let scikit-learn score every resample."""
    generator = np.random.default_rng(1)
    true, predicted = (np.repeat(side, matrix.ravel()) for side in np.indices(matrix.shape).reshape(2, -1))
    scores = []
    for _ in range(resamples):
        rows = generator.integers(0, len(true), size=len(true))
        t, p = true[rows], predicted[rows]
        f1s = [f1_score(t, p, average=average, zero_division=0) for average in ("macro", "weighted")]
        scores.append([accuracy_score(t, p), *f1s])
    return np.array(scores)


def test_has_the_distribution_of_resampled_rows() -> None:
    wanted, found = row_by_row(MATRIX, 400), resampled(MATRIX, seed=0, resamples=20_000)
    error = wanted.std(axis=0) / np.sqrt(len(wanted))
    assert (np.abs(found.mean(axis=0) - wanted.mean(axis=0)) < 4 * error).all()
    for share in (0.025, 0.25, 0.5, 0.75, 0.975):
        # The share of the rows' resamples below our quantile is a binomial's, about `share`; ties at steps count half.
        quantile = np.quantile(found, share, axis=0)
        below, upto = (wanted < quantile - 1e-12).mean(axis=0), (wanted <= quantile + 1e-12).mean(axis=0)
        slack = 4 * np.sqrt(share * (1 - share) / len(wanted))
        assert (below - slack < share).all()
        assert (share < upto + slack).all()


def test_the_interval_of_accuracy_has_the_width_of_the_normal_approximation() -> None:
    accuracy = intervals(np.array([[4000, 500], [500, 5000]]), seed=0, resamples=5000)[0]
    half = 1.96 * np.sqrt(0.9 * 0.1 / 10_000)
    assert accuracy.value == 0.9
    assert accuracy.low == pytest.approx(0.9 - half, abs=half / 20)
    assert accuracy.high == pytest.approx(0.9 + half, abs=half / 20)


def test_the_same_seed_gives_the_same_resamples_and_another_seed_others() -> None:
    first = resampled(MATRIX, seed=7, resamples=50)
    np.testing.assert_array_equal(first, resampled(MATRIX, seed=7, resamples=50))
    assert (first != resampled(MATRIX, seed=8, resamples=50)).any()


@pytest.mark.parametrize("at_once", [1, 30, 10**6])
def test_how_many_are_drawn_at_once_changes_nothing(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = resampled(MATRIX, seed=3, resamples=50)
    monkeypatch.setattr(bootstrap, "AT_ONCE", at_once)
    np.testing.assert_array_equal(resampled(MATRIX, seed=3, resamples=50), wanted)


@pytest.mark.parametrize(("matrix", "score"), [([[1]], 1.0), ([[0, 1], [0, 0]], 0.0), ([[5, 0], [0, 9]], 1.0)])
def test_without_variation_the_interval_is_a_point(matrix: list[list[int]], score: float) -> None:
    assert intervals(np.array(matrix), seed=0, resamples=100) == [Interval(score, score, score)] * 3


def test_a_thousand_classes_take_little_memory() -> None:
    generator = np.random.default_rng(0)
    matrix = np.zeros((1000, 1000), np.int64)
    np.add.at(matrix, (generator.integers(0, 1000, 20_000), generator.integers(0, 1000, 20_000)), 1)
    tracemalloc.start()
    try:
        intervals(matrix, seed=0, resamples=200)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * 2**20  # 200 matrices would be 1.6 GB
