"""Random logits → the temperature of the least log loss, as scikit-learn, scipy and a fine grid find it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from scipy.special import log_softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator

from tests.each import each
from unrolled.calibration.abstention import HIGHEST, LOWEST
from unrolled.calibration.temperature import temperature

Array = np.ndarray[Any, Any]


def drawn(rows: int, classes: int, true: float, seed: int) -> tuple[Array, Array]:
    """Logits of a model that is right as often as it says at the temperature `true`."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 3, (rows, classes))
    p = np.exp(log_softmax(logits / true, axis=1))
    return logits, np.array([chance.choice(classes, p=row) for row in p])


def loss(T: float, logits: Array, columns: Array) -> float:
    return float(-log_softmax(logits / T, axis=1)[np.arange(len(columns)), columns].mean())


class _Logits(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier whose decision function is its input."""

    def fit(self, X: Array, y: Array) -> _Logits:
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X: Array) -> Array:
        return X

    def predict(self, X: Array) -> Array:
        found: Array = X.argmax(axis=1)
        return found


@each("true", [0.4, 1.0, 2.5])
@each("classes", [3, 8])
def test_is_scikit_learn_s(classes: int, true: float) -> None:
    logits, columns = drawn(800, classes, true, seed=classes)
    frozen = FrozenEstimator(_Logits().fit(logits, columns))
    calibrated = CalibratedClassifierCV(frozen, method="temperature", ensemble=False).fit(logits, columns)
    theirs = calibrated.predict_proba(logits)
    ours = np.exp(log_softmax(logits / temperature(logits, columns), axis=1))
    np.testing.assert_allclose(ours, theirs, atol=1e-7)
    assert temperature(logits, columns) == pytest.approx(true, rel=0.15)


@settings(max_examples=50)
@given(st.integers(2, 6), st.integers(3, 60), st.floats(0.2, 5), st.integers(0, 10**6))
def test_no_other_temperature_has_a_smaller_loss(classes: int, rows: int, true: float, seed: int) -> None:
    logits, columns = drawn(rows, classes, true, seed)
    found = temperature(logits, columns)
    if (logits.argmax(axis=1) == columns).all():
        return
    others = minimize_scalar(
        lambda log: loss(np.exp(log), logits, columns),
        bounds=(np.log(LOWEST), np.log(HIGHEST)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert loss(found, logits, columns) <= others.fun + 1e-12
    if LOWEST < found < HIGHEST:
        assert found == pytest.approx(np.exp(others.x), rel=1e-5)
        p = np.exp(log_softmax(logits / found, axis=1))
        slope = np.mean((p * logits).sum(axis=1) - logits[np.arange(rows), columns])
        assert abs(slope) < 1e-10


def test_float32_logits_are_reckoned_with_in_double_precision_and_far_ones_overflow_nowhere() -> None:
    logits, columns = drawn(300, 4, 1.5, seed=0)
    small = logits.astype(np.float32)
    assert temperature(small, columns) == temperature(small.astype(np.float64), columns)
    with np.errstate(all="raise", under="ignore"):
        assert temperature(1000 * logits + 1e6, columns) == HIGHEST
        assert temperature(20 * logits + 1e6, columns) == pytest.approx(20 * temperature(logits, columns))


@pytest.mark.parametrize("rows", [1, 2, 50, 5000])
def test_rows_that_are_all_right_get_the_mean_loss_of_laplace_s_rule_and_no_certainty(rows: int) -> None:
    logits, _ = drawn(rows, 4, 1.0, seed=1)
    columns = logits.argmax(axis=1)
    found = temperature(logits, columns)
    wanted = np.log((rows + 2) / (rows + 1))
    if found > LOWEST:
        exact = brentq(lambda T: loss(T, logits, columns) - wanted, LOWEST, HIGHEST, xtol=1e-14)
        assert found == pytest.approx(exact, rel=1e-9)
    else:
        assert loss(found, logits, columns) >= wanted
    assert temperature(1e-9 * logits, columns) == LOWEST


def test_worse_than_guessing_or_nothing_to_go_by() -> None:
    logits, columns = drawn(40, 3, 1.0, seed=2)
    assert temperature(logits, logits.argmin(axis=1)) == HIGHEST
    assert temperature(np.zeros((5, 3)), columns[:5]) == 1
    assert temperature(np.full((5, 3), 7.5), columns[:5]) == 1
    assert temperature(logits[:0], columns[:0]) == 1


def test_a_label_that_no_row_has_is_as_any_other() -> None:
    logits, columns = drawn(200, 3, 1.0, seed=3)
    rows = columns != 2
    found = temperature(logits[rows], columns[rows])
    grid = np.geomspace(LOWEST, HIGHEST, 4001)
    best = grid[np.argmin([loss(T, logits[rows], columns[rows]) for T in grid])]
    assert found == pytest.approx(best, rel=0.004)
