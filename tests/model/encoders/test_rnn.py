"""The recurrent network against the lecture's equation, written out in NumPy, and against torch's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.model.encoders.rnn import RNN

IDS = np.array([[2, 5, 5, 0, 1, 6], [7, 99, 99, 99, 99, 99], [3, 4, 99, 99, 99, 99], [99] * 6, [1, 6, 2, 99, 99, 99]])
LENGTHS = np.array([6, 1, 2, 0, 3])
SHAPES: list[dict[str, Any]] = [
    {},
    {"num_layers": 3},
    {"bidirectional": True},
    {"bidirectional": True, "num_layers": 2, "pooling": "mean"},
    {"bidirectional": True, "num_layers": 2, "pooling": "max"},
    {"pooling": "mean"},
    {"pooling": "max", "num_layers": 2},
]
SIGMA: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: np.maximum(a, 0),
}
Nonlinearity = Literal["tanh", "sigmoid", "relu"]
NONLINEARITIES: list[Nonlinearity] = ["tanh", "sigmoid", "relu"]


def states(sigma: Callable[[Any], Any]) -> Callable[[dict[str, Any], list[Any]], list[Any]]:
    def found(weights: dict[str, Any], x: list[Any]) -> list[Any]:
        W, U, b = (weights[name] for name in "WUb")
        h = [np.zeros(len(W))]
        for x_t in x:
            h.append(sigma(h[-1] @ W + x_t @ U + b))
        return h[1:]

    return found


@each("nonlinearity", NONLINEARITIES)
@each("options", SHAPES)
def test_equals_the_equation(
    nonlinearity: Nonlinearity,
    options: dict[str, Any],
    draw: Callable[..., Any],
    encode: Callable[..., Any],
    layered: Callable[..., Any],
) -> None:
    encoder = RNN(input_size=4, hidden_size=3, nonlinearity=nonlinearity, **options)
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))
    expected = layered(states(SIGMA[nonlinearity]), encoder.pooling)(weights, x, IDS, LENGTHS)
    assert encode(encoder, weights, x, IDS, LENGTHS) == pytest.approx(expected, abs=1e-10, rel=0)
    assert encoder.output_size == expected.shape[1]


@each("nonlinearity", NONLINEARITIES)
@each("options", [{}, {"bidirectional": True, "num_layers": 2}, {"pooling": "mean"}, {"pooling": "max"}])
def test_gradients_equal_finite_differences(
    nonlinearity: Nonlinearity,
    options: dict[str, Any],
    draw: Callable[..., Any],
    layered: Callable[..., Any],
    largest_error_of_gradients: Callable[..., float],
) -> None:
    encoder = RNN(input_size=2, hidden_size=2, nonlinearity=nonlinearity, **options)
    x, equation = np.random.default_rng(2).normal(size=(8, 2)), layered(states(SIGMA[nonlinearity]), encoder.pooling)
    assert largest_error_of_gradients(encoder, equation, draw(encoder), x, IDS, LENGTHS) < 1e-7


@each("nonlinearity", ["tanh", "relu"])  # torch has no logistic one
@each("pooling", ["last", "mean", "max"])
@each(("num_layers", "bidirectional"), [(1, False), (1, True), (3, False), (2, True)])
def test_equals_torch_s_rnn_and_its_gradients(
    nonlinearity: Literal["tanh", "relu"],
    num_layers: int,
    bidirectional: bool,
    pooling: Literal["last", "mean", "max"],
    draw: Callable[..., Any],
    far_from_torch: Callable[..., float],
) -> None:
    shape: dict[str, Any] = {"num_layers": num_layers, "bidirectional": bidirectional, "nonlinearity": nonlinearity}
    encoder = RNN(input_size=4, hidden_size=3, pooling=pooling, **shape)
    network = torch.nn.RNN(4, 3, batch_first=True, dtype=torch.float64, **shape)
    x = np.random.default_rng(1).normal(size=(8, 4))
    assert far_from_torch(encoder, network, to_torch, draw(encoder), x, IDS, LENGTHS) < 1e-10


def to_torch(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    U, W, b = (weights[name] for name in "UWb")
    return {"weight_ih": U.T, "weight_hh": W.T, "bias_ih": b, "bias_hh": torch.zeros_like(b)}


@pytest.mark.parametrize(("nonlinearity", "at_zero", "slope"), [("tanh", 0, 1), ("sigmoid", 0.5, 0.25), ("relu", 0, 1)])
def test_the_logistic_function_hands_back_a_quarter_of_a_gradient_at_most(
    nonlinearity: Nonlinearity, at_zero: float, slope: float
) -> None:
    encoder, h = (
        RNN(input_size=1, hidden_size=1, nonlinearity=nonlinearity),
        torch.linspace(-5, 5, 1001, dtype=torch.float64),
    )
    h = h[:, None].requires_grad_(True)
    (new,) = encoder.step({"W": torch.ones((1, 1)).double()})(torch.zeros_like(h), (h,))
    (gradient,) = torch.autograd.grad(new.sum(), h)
    assert gradient.max().item() == pytest.approx(slope, abs=1e-9)
    assert new[500].item() == pytest.approx(at_zero, abs=1e-9)
