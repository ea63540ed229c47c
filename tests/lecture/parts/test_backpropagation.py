"""The gradients, against central differences of losses written out in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import CLASSIFIER_1, CLASSIFIER_2, RNN_GATES, THREE_LAYERS

WORDS = ("Alice", "treats", "Bob", "well", "so")


def cross_entropy(logits: Any) -> float:
    return float(np.log(np.exp(logits).sum()) - logits[0])


def loss_in_time(W: Any, U: Any, b: Any, x: dict[str, Any], sigma: Callable[[Any], Any] = np.tanh) -> float:
    h = np.zeros(2)
    for word in WORDS:
        h = sigma(W @ h + U @ x[word] + b)
    return cross_entropy(h @ CLASSIFIER_2["W"] + CLASSIFIER_2["b"])


def differences(function: Callable[[Any], float], at: Any) -> Any:
    found = np.empty_like(at)
    for place in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[place] = 1e-6
        found[place] = (function(at + step) - function(at - step)) / 2e-6
    return found


def loss_of_layers(parameters: Any) -> float:
    h = 0.7
    for w, b in parameters:
        h = max(w * h + b, 0)
    return cross_entropy(h * CLASSIFIER_1["W"][0] + CLASSIFIER_1["b"])


def test_the_gradients_through_layers_are_the_loss_s_differences(
    values: Callable[[str], dict[str, list[float]]],
) -> None:
    parameters = np.array([[THREE_LAYERS[f"{layer}.{name}"].item() for name in "Wb"] for layer in range(3)])
    found, expected = values("backpropagation"), differences(loss_of_layers, parameters)
    assert found["L"] == [pytest.approx(loss_of_layers(parameters), abs=1e-4)]
    for layer in range(3):
        printed = [found[f"dL/d{name}({layer + 1})"][0] for name in "Wb"]
        assert printed == pytest.approx(expected[layer], abs=1e-4)


def test_the_five_terms_add_up_to_the_loss_s_differences(
    rows: Callable[[str, str], list[list[float]]], x: dict[str, Any]
) -> None:
    gate = RNN_GATES["h"]
    expected = differences(lambda W: loss_in_time(W, gate.U, gate.b, x), gate.W).ravel()
    terms = np.array([row[-4:] for row in rows("backpropagation", "dL/dh5") if len(row) == 4])
    assert len(terms) == 5
    assert terms.sum(axis=0) == pytest.approx(expected, abs=1e-5)
    assert rows("backpropagation", "sum: dL/dW") == [pytest.approx(expected, abs=1e-6)]
    assert rows("backpropagation", "L moves by") == [pytest.approx(expected, abs=1e-6)]


def test_the_last_term_of_w_is_exactly_zero_and_not_those_of_u_and_b(
    told: Callable[[str], list[str]], rows: Callable[[str, str], list[list[float]]]
) -> None:
    (last,) = [line for line in told("backpropagation") if "dh2/dh1 dh1/dW  " in line]
    assert last.split()[-4:] == ["0"] * 4
    for W, U, b in np.reshape(rows("backpropagation", "4")[-1], (2, 3)):
        assert W == 0
        assert min(U, b) > 0


def test_far_terms_are_smaller_and_die_sooner_with_the_logistic_function(
    rows: Callable[[str, str], list[list[float]]],
) -> None:
    sizes = np.array([rows("backpropagation", str(back))[-1] for back in range(5)])  # tanh W U b, logistic W U b
    assert np.all(np.diff(sizes[:, [0, 2, 3, 4, 5]], axis=0) < 0)
    assert np.all(sizes[4, [4, 5]] / sizes[0, [4, 5]] < sizes[4, [1, 2]] / sizes[0, [1, 2]])


def test_the_sizes_of_the_nearest_terms_are_their_norms(
    rows: Callable[[str, str], list[list[float]]], x: dict[str, Any]
) -> None:
    gate, h = RNN_GATES["h"], [np.zeros(2)]
    for word in WORDS:
        h.append(np.tanh(gate.W @ h[-1] + gate.U @ x[word] + gate.b))
    s = h[5] @ CLASSIFIER_2["W"] + CLASSIFIER_2["b"]
    P = np.exp(s) / np.exp(s).sum()
    inside = (CLASSIFIER_2["W"] @ (P - [1, 0])) * (1 - h[5] ** 2)
    expected = [np.linalg.norm(np.outer(inside, other)) for other in (h[4], x["so"], [1])]
    assert rows("backpropagation", "0")[-1][:3] == pytest.approx(expected, abs=1e-5)
