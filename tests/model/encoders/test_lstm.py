"""The LSTM against the lecture's equations, written out in NumPy, and against torch's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.model.encoders.lstm import LSTM

IDS = np.array([[2, 5, 5, 0, 1, 6], [7, 99, 99, 99, 99, 99], [3, 4, 99, 99, 99, 99], [99] * 6, [1, 6, 2, 99, 99, 99]])
LENGTHS = np.array([6, 1, 2, 0, 3])
OPTIONS: list[dict[str, Any]] = [
    {},
    {"num_layers": 3},
    {"bidirectional": True},
    {"bidirectional": True, "num_layers": 2, "pooling": "mean"},
    {"bidirectional": True, "num_layers": 2, "pooling": "max"},
    {"pooling": "mean"},
    {"pooling": "max", "num_layers": 2},
    {"forget_gate_bias": -2.0},
]


def sigma(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def states(weights: dict[str, Any], x: list[Any]) -> list[Any]:
    return [h_t for h_t, *_ in symbols(weights, x)]


def symbols(weights: dict[str, Any], x: list[Any]) -> list[Any]:
    W, U, b = (dict(zip("ifoc", np.split(weights[name], 4, axis=-1), strict=True)) for name in "WUb")
    h_t, C_t, found = np.zeros(len(weights["W"])), np.zeros(len(weights["W"])), []
    for x_t in x:
        i_t, f_t, o_t = (sigma(h_t @ W[gate] + x_t @ U[gate] + b[gate]) for gate in "ifo")
        new = np.tanh(h_t @ W["c"] + x_t @ U["c"] + b["c"])
        C_t = f_t * C_t + i_t * new
        h_t = o_t * np.tanh(C_t)
        found.append((h_t, C_t, i_t, f_t, o_t, new))
    return found


@each("options", OPTIONS)
def test_equals_the_equations(
    options: dict[str, Any], draw: Callable[..., Any], encode: Callable[..., Any], layered: Callable[..., Any]
) -> None:
    encoder, x = LSTM(input_size=4, hidden_size=3, **options), np.random.default_rng(1).normal(size=(8, 4))
    weights = draw(encoder)
    expected = layered(states, encoder.pooling)(weights, x, IDS, LENGTHS)
    assert encode(encoder, weights, x, IDS, LENGTHS) == pytest.approx(expected, abs=1e-10, rel=0)


@pytest.mark.parametrize(
    "options", [{}, {"bidirectional": True, "num_layers": 2}, {"pooling": "mean"}, {"pooling": "max"}]
)
def test_gradients_equal_finite_differences(
    options: dict[str, Any],
    draw: Callable[..., Any],
    layered: Callable[..., Any],
    largest_error_of_gradients: Callable[..., float],
) -> None:
    encoder, x = LSTM(input_size=2, hidden_size=2, **options), np.random.default_rng(2).normal(size=(8, 2))
    equation = layered(states, encoder.pooling)
    assert largest_error_of_gradients(encoder, equation, draw(encoder), x, IDS, LENGTHS) < 1e-7


@each("pooling", ["last", "mean", "max"])
@each(("num_layers", "bidirectional"), [(1, False), (2, True)])
def test_equals_torch_s_lstm_and_its_gradients(
    num_layers: int,
    bidirectional: bool,
    pooling: Literal["last", "mean", "max"],
    draw: Callable[..., Any],
    far_from_torch: Callable[..., float],
) -> None:
    encoder = LSTM(input_size=4, hidden_size=3, num_layers=num_layers, bidirectional=bidirectional, pooling=pooling)
    network = torch.nn.LSTM(4, 3, num_layers, batch_first=True, bidirectional=bidirectional, dtype=torch.float64)
    x = np.random.default_rng(1).normal(size=(8, 4))
    assert far_from_torch(encoder, network, to_torch, draw(encoder), x, IDS, LENGTHS) < 1e-10


def to_torch(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    U, W, b = (torch.cat([i, f, c, o], dim=-1) for i, f, o, c in (weights[name].chunk(4, dim=-1) for name in "UWb"))
    return {"weight_ih": U.T, "weight_hh": W.T, "bias_ih": b, "bias_hh": torch.zeros_like(b)}


def test_a_step_gives_the_symbols_of_the_equations(draw: Callable[..., Any]) -> None:
    encoder, x = LSTM(input_size=4, hidden_size=3), np.random.default_rng(1).normal(size=(5, 4))
    weights = {name.removeprefix("0.forward."): value for name, value in draw(encoder).items()}
    step, found = encoder.step(weights), (np.zeros((1, 3)),) * 2
    for x_t, expected in zip(x, symbols(weights, list(x)), strict=True):
        found = step((x_t @ weights["U"] + weights["b"])[None], found[: encoder.parts])
        assert np.array(found)[:, 0] == pytest.approx(np.array(expected), abs=1e-12)
    assert encoder.symbols == ("h", "C", "i", "f", "o", "C~")


def test_the_forget_gate_begins_with_its_bias_and_everything_else_at_zero() -> None:
    encoder = LSTM(input_size=4, hidden_size=3, forget_gate_bias=1.5)
    drawn = encoder.weights()["0.forward.b"].first_values(np.random.default_rng(0), (12,))
    assert drawn.tolist() == [0] * 3 + [1.5] * 3 + [0] * 6
