"""The LSTM against the lecture's equations, written out in NumPy, and against torch's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

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


def states(weights: dict[str, Any], side: str, x: list[Any]) -> list[Any]:
    H = len(weights[f"{side}.W"])
    W, U, b = (dict(zip("ifoc", np.split(weights[f"{side}.{name}"], 4, axis=-1), strict=True)) for name in "WUb")
    h_t, C_t, found = np.zeros(H), np.zeros(H), []
    for x_t in x:
        i_t, f_t, o_t = (sigma(h_t @ W[gate] + x_t @ U[gate] + b[gate]) for gate in "ifo")
        C_t = f_t * C_t + i_t * np.tanh(h_t @ W["c"] + x_t @ U["c"] + b["c"])
        h_t = o_t * np.tanh(C_t)
        found.append(h_t)
    return found


def equation(pooling: str) -> Callable[..., Any]:
    def encoded(weights: dict[str, Any], x: Any, ids: Any, lengths: Any) -> Any:
        return np.array([one_text(weights, [x[word] for word in w[:T]]) for w, T in zip(ids, lengths, strict=True)])

    def one_text(weights: dict[str, Any], x: list[Any]) -> Any:
        layer = 0
        while f"{layer}.forward.W" in weights:
            sides = [states(weights, f"{layer}.forward", x)]
            if f"{layer}.backward.W" in weights:
                sides.append(states(weights, f"{layer}.backward", x[::-1])[::-1])
            x = [np.concatenate(both) for both in zip(*sides, strict=True)]
            layer += 1
        if not x:
            return np.zeros(len(sides) * len(weights["0.forward.W"]))
        ends = [sides[0][-1], *(side[0] for side in sides[1:])]  # where each direction has read the whole text
        return {"last": np.concatenate(ends), "mean": sum(x) / len(x), "max": np.max(x, axis=0)}[pooling]

    return encoded


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_equals_the_equations(options: dict[str, Any], draw: Callable[..., Any], encode: Callable[..., Any]) -> None:
    encoder, x = LSTM(input_size=4, hidden_size=3, **options), np.random.default_rng(1).normal(size=(8, 4))
    weights = draw(encoder)
    found = encode(encoder, weights, x, IDS, LENGTHS)
    assert found == pytest.approx(equation(encoder.pooling)(weights, x, IDS, LENGTHS), abs=1e-10, rel=0)


@pytest.mark.parametrize(
    "options", [{}, {"bidirectional": True, "num_layers": 2}, {"pooling": "mean"}, {"pooling": "max"}]
)
def test_gradients_equal_finite_differences(
    options: dict[str, Any], draw: Callable[..., Any], largest_error_of_gradients: Callable[..., float]
) -> None:
    encoder, x = LSTM(input_size=2, hidden_size=2, **options), np.random.default_rng(2).normal(size=(8, 2))
    assert largest_error_of_gradients(encoder, equation(encoder.pooling), draw(encoder), x, IDS, LENGTHS) < 1e-7


@pytest.mark.parametrize("pooling", ["last", "mean", "max"])
@pytest.mark.parametrize(("num_layers", "bidirectional"), [(1, False), (2, True)])
def test_equals_torch_s_lstm(
    num_layers: int,
    bidirectional: bool,
    pooling: Literal["last", "mean", "max"],
    draw: Callable[..., Any],
    encode: Callable[..., Any],
) -> None:
    encoder = LSTM(input_size=4, hidden_size=3, num_layers=num_layers, bidirectional=bidirectional, pooling=pooling)
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))
    known = LENGTHS > 0  # torch packs no empty texts
    ids, lengths = np.minimum(IDS[known], len(x) - 1), torch.tensor(LENGTHS[known])
    packed = pack_padded_sequence(torch.tensor(x[ids]), lengths, batch_first=True, enforce_sorted=False)
    output, (h, _) = torch_lstm(encoder, weights)(packed)
    padded = pad_packed_sequence(output, batch_first=True)[0].detach()
    rows = [row[:T] for row, T in zip(padded, lengths, strict=True)]
    sides = h.detach()[-2:] if bidirectional else h.detach()[-1:]
    expected = {
        "last": torch.cat([*sides], dim=1),
        "mean": torch.stack([row.mean(dim=0) for row in rows]),
        "max": torch.stack([row.amax(dim=0) for row in rows]),
    }[pooling]
    found = encode(encoder, weights, x, IDS, LENGTHS)[known]
    assert found == pytest.approx(expected.numpy(), abs=1e-10, rel=0)


def torch_lstm(encoder: LSTM, weights: dict[str, Any]) -> torch.nn.LSTM:
    lstm = torch.nn.LSTM(
        4, 3, encoder.num_layers, batch_first=True, bidirectional=encoder.bidirectional, dtype=torch.float64
    )
    own = lstm.state_dict()
    for name in own:
        symbol, layer, *reverse = name.removeprefix("weight_").removeprefix("bias_").split("_")
        side = f"{layer[1:]}.{'backward' if reverse else 'forward'}"
        ours = weights[f"{side}.b"] if name.startswith("bias") else weights[f"{side}.{'U' if symbol == 'ih' else 'W'}"]
        i, f, o, c = np.split(ours, 4, axis=-1)
        own[name] = torch.tensor(np.concatenate([i, f, c, o], axis=-1).T)
        if name.startswith("bias_hh"):  # torch has two biases that are added
            own[name].zero_()
    lstm.load_state_dict(own)
    return lstm


def test_the_forget_gate_begins_with_its_bias_and_everything_else_at_zero() -> None:
    encoder = LSTM(input_size=4, hidden_size=3, forget_gate_bias=1.5)
    drawn = encoder.weights()["0.forward.b"].first_values(np.random.default_rng(0), (12,))
    assert drawn.tolist() == [0] * 3 + [1.5] * 3 + [0] * 6
