"""Steps of Newton's method → the optimum that scikit-learn and scipy find, near the coefficients of before."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from tests.each import each
from unrolled.model.classifier import softmax
from unrolled.training.optim.map_logistic import MapLogistic


def texts(classes: int, seed: int = 0) -> tuple[Any, np.ndarray[Any, Any]]:
    random = np.random.default_rng(seed)
    counts = random.poisson(0.4, (80, 12)).astype(float)
    return csr_array(counts), (counts @ random.normal(size=(12, classes)) + random.gumbel(size=(80, classes))).argmax(1)


def solved(solver: MapLogistic, x: Any, y: np.ndarray[Any, Any]) -> MapLogistic:
    for _ in range(100):
        if not solver.fit(x, y).n_iter_[0]:
            return solver
    raise AssertionError("no optimum was found")


@each("classes", [2, 3, 5])
@each("C", [0.1, 10.0])
@each("balanced", [False, True])
def test_near_zero_it_is_scikit_learns_logistic_regression(classes: int, C: float, balanced: bool) -> None:
    x, y = texts(classes)
    found = solved(MapLogistic(np.zeros((12, classes)), np.zeros(classes), C=C, tol=1e-10, balanced=balanced), x, y)
    weight = "balanced" if balanced else None
    held = {"fit_intercept": False, "tol": 1e-12, "max_iter": 10_000, "solver": "newton-cg", "class_weight": weight}
    with_ones = np.column_stack([x.toarray(), np.ones(80)])
    wanted = LogisticRegression(C=C, **held).fit(with_ones, y)
    probabilities = softmax(np.asarray(x @ found.coef_.T + found.intercept_))
    np.testing.assert_allclose(probabilities, wanted.predict_proba(with_ones), atol=1e-7)


def test_near_other_coefficients_it_is_the_optimum_that_scipy_finds() -> None:
    (x, y), random = texts(3), np.random.default_rng(1)
    anchor, b0, C = random.normal(size=(12, 3)), random.normal(size=3), 0.7

    def objective(flat: np.ndarray[Any, Any]) -> float:
        W, b = flat[:36].reshape(12, 3), flat[36:]
        z = x @ W + b
        nll = (np.log(np.exp(z).sum(1)) - z[np.arange(80), y]).sum()
        return float(C * nll + ((W - anchor) ** 2).sum() / 2 + ((b - b0) ** 2).sum() / 2)

    best = minimize(objective, np.zeros(39), method="L-BFGS-B", options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-9})
    found = solved(MapLogistic(anchor, b0, C=C, tol=1e-10, balanced=False), x, y)
    flat = np.concatenate([found.coef_.T.ravel(), found.intercept_])
    assert objective(flat) <= best.fun + 1e-9
    np.testing.assert_allclose(found.coef_.T, best.x[:36].reshape(12, 3), atol=2e-4)


def test_the_stronger_the_penalty_the_nearer_it_stays() -> None:
    (x, y), anchor = texts(3), np.random.default_rng(1).normal(size=(12, 3))
    moved = [
        np.abs(solved(MapLogistic(anchor, np.zeros(3), C=C, tol=1e-10, balanced=False), x, y).coef_ - anchor.T).max()
        for C in (1e-6, 1e-2, 1.0, 100.0)
    ]
    assert moved == sorted(moved)
    assert moved[0] < 1e-4 < moved[-1]


def test_a_column_that_no_text_has_and_a_class_without_texts_stay() -> None:
    (x, y), anchor = texts(3), np.random.default_rng(1).normal(size=(12, 4))
    x = csr_array(x.toarray() * (np.arange(12) != 5))
    found = solved(MapLogistic(anchor, np.zeros(4), C=1.0, tol=1e-10, balanced=True), x, y)
    np.testing.assert_allclose(found.coef_[:, 5], anchor[5], atol=1e-12)
    assert (found.intercept_[3] < found.intercept_[:3]).all(), "what no new text has becomes less likely"


def test_a_step_depends_on_nothing_but_the_coefficients_before_it() -> None:
    """So a fit can be broken off between any two and gone on with."""
    (x, y), zeros = texts(3), np.zeros((12, 3))
    whole = MapLogistic(zeros, np.zeros(3), C=1.0, tol=1e-10, balanced=False)
    for _ in range(3):
        again = MapLogistic(zeros, np.zeros(3), C=1.0, tol=1e-10, balanced=False)
        again.coef_, again.intercept_ = whole.coef_.copy(), whole.intercept_.copy()
        whole.fit(x, y)
        again.fit(x, y)
        np.testing.assert_array_equal(whole.coef_, again.coef_)
