"""Logits and probabilities against torch's linear layer and softmax."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from unrolled.model import classifier
from unrolled.model.weights import initialize

LOGITS = arrays.arrays("f8", st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.floats(-1e300, 1e300))


def test_logits_equal_a_linear_layer() -> None:
    random = np.random.default_rng(0)
    weights = {"W": random.normal(size=(4, 3)), "b": random.normal(size=3)}
    encodings = random.normal(size=(5, 4))
    expected = torch.nn.functional.linear(*(torch.tensor(a) for a in (encodings, weights["W"].T, weights["b"])))
    assert classifier.classify(weights, encodings) == pytest.approx(expected.numpy())


def test_the_weights_fit_the_encoding_and_the_classes_and_the_bias_begins_at_zero() -> None:
    drawn = initialize(classifier.weights(7, 3), 0)
    assert {name: value.shape for name, value in drawn.items()} == {"W": (7, 3), "b": (3,)}
    assert not drawn["b"].any()
    assert np.abs(drawn["W"]).max() <= np.sqrt(6 / (7 + 3))


@settings(deadline=None)
@given(LOGITS)
def test_softmax_equals_torch_s_for_any_finite_logits(logits: Any) -> None:
    with np.errstate(over="ignore"):  # the difference of two such logits may be infinite: its power is 0
        found = classifier.softmax(logits)
    assert found == pytest.approx(torch.tensor(logits).softmax(dim=1).numpy(), abs=1e-15)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(logits)))


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_softmax_neither_overflows_nor_changes_the_precision(kind: Any, dtype: str) -> None:
    logits = np.array([[1e30, 0, -1e30], [-1e30, -1e30, -1e30], [88.8, 88.8, 0], [-1000, -1001, -1000]], dtype)
    found = np.asarray(classifier.softmax(kind(logits)))
    e = np.exp(-1)
    expected = [[1, 0, 0], [1 / 3] * 3, [0.5, 0.5, 0], [1 / (2 + e), e / (2 + e), 1 / (2 + e)]]
    assert found == pytest.approx(np.array(expected), abs=1e-6)
    assert found.dtype == dtype


def test_softmax_of_log_probabilities_gives_the_probabilities() -> None:
    assert classifier.softmax(np.log([[0.1, 0.2, 0.7]])) == pytest.approx(np.array([[0.1, 0.2, 0.7]]))
