"""Random distributions → scikit-learn's log loss in both precisions, also for a truth of probability zero."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import log_loss as scikit_learn_log_loss

from tests.each import each
from unrolled.evaluation.log_loss import log_loss


@each(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 1e-6)])
@each("seed", range(20))
def test_equals_scikit_learn(seed: int, dtype: type[np.floating], tolerance: float) -> None:
    generator = np.random.default_rng(seed)
    rows, classes = int(generator.integers(1, 30)), int(generator.integers(2, 6))
    probabilities = generator.dirichlet(np.full(classes, 0.1), size=rows).astype(dtype)
    probabilities[0] = np.eye(classes)[-1]  # exact zeros and a one
    columns = generator.integers(0, classes, size=rows)
    found = log_loss(probabilities[np.arange(rows), columns])
    assert found == pytest.approx(
        scikit_learn_log_loss(columns, probabilities, labels=np.arange(classes)), rel=tolerance
    )


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_truth_of_probability_zero_costs_as_much_as_the_dtype_can_tell(dtype: type[np.floating]) -> None:
    assert log_loss(np.zeros(1, dtype)) == pytest.approx(-math.log(np.finfo(dtype).eps), rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_certain_truth_costs_the_dtypes_epsilon(dtype: type[np.floating]) -> None:
    assert log_loss(np.ones(1, dtype)) == pytest.approx(float(np.finfo(dtype).eps), rel=1e-3)


def test_uniform_probabilities_cost_the_logarithm_of_the_number_of_classes() -> None:
    assert log_loss(np.full(9, 0.25)) == pytest.approx(math.log(4), rel=1e-15)
