"""The Transformer against its equations, written out in NumPy for every head and word, and against torch's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.errors import SettingError
from unrolled.model.encoders.transformer import Transformer

IDS = np.array([[2, 5, 5, 0, 1, 6], [7, 99, 99, 99, 99, 99], [3, 4, 99, 99, 99, 99], [99] * 6, [1, 6, 2, 99, 99, 99]])
LENGTHS = np.array([6, 1, 2, 0, 3])
OPTIONS: list[dict[str, Any]] = [
    {},
    {"num_heads": 1},
    {"num_heads": 6},
    {"num_layers": 3},
    {"norm_first": False},
    {"norm_first": False, "num_layers": 2, "pooling": "max"},
    {"pooling": "max"},
    {"dim_feedforward": 1, "num_layers": 2, "num_heads": 3},
]


def position(t: int, i: int, H: int) -> float:
    angle = t / 10000 ** ((i - i % 2) / H)
    return math.cos(angle) if i % 2 else math.sin(angle)


def norm(weights: dict[str, Any], name: str, x: Any) -> Any:
    return (x - x.mean()) / np.sqrt(x.var() + 1e-5) * weights[f"{name}.gain"] + weights[f"{name}.bias"]


def attend(weights: dict[str, Any], layer: str, x: list[Any], heads: int) -> list[Any]:
    def linear(name: str) -> list[Any]:
        return [x_t @ weights[f"{layer}.{name}.W"] + weights.get(f"{layer}.{name}.b", 0) for x_t in x]

    q, k, v = linear("query"), linear("key"), linear("value")
    d, mixed = len(q[0]) // heads, [np.zeros_like(q_t) for q_t in q]
    for own in (slice(head * d, (head + 1) * d) for head in range(heads)):
        for t in range(len(x)):
            power = [math.exp(q[t][own] @ k_s[own] / math.sqrt(d)) for k_s in k]
            mixed[t][own] = sum(p / sum(power) * v_s[own] for p, v_s in zip(power, v, strict=True))
    return [m @ weights[f"{layer}.output.W"] + weights[f"{layer}.output.b"] for m in mixed]


def equation(encoder: Transformer) -> Callable[..., Any]:
    def feed_forward(weights: dict[str, Any], layer: str, x: Any) -> Any:
        (W1, b1), (W2, b2) = ((weights[f"{layer}.linear{n}.W"], weights[f"{layer}.linear{n}.b"]) for n in (1, 2))
        return np.maximum(0, x @ W1 + b1) @ W2 + b2

    def states(weights: dict[str, Any], x: list[Any]) -> list[Any]:
        for layer in map(str, range(encoder.num_layers)):
            one, two = f"{layer}.norm1", f"{layer}.norm2"
            if encoder.norm_first:
                mixed = attend(weights, layer, [norm(weights, one, x_t) for x_t in x], encoder.num_heads)
                x = [x_t + m for x_t, m in zip(x, mixed, strict=True)]
                x = [x_t + feed_forward(weights, layer, norm(weights, two, x_t)) for x_t in x]
            else:
                mixed = attend(weights, layer, x, encoder.num_heads)
                x = [norm(weights, one, x_t + m) for x_t, m in zip(x, mixed, strict=True)]
                x = [norm(weights, two, x_t + feed_forward(weights, layer, x_t)) for x_t in x]
        return [norm(weights, "norm", x_t) for x_t in x] if encoder.norm_first else x

    def encoded(weights: dict[str, Any], x: Any, ids: Any, lengths: Any) -> Any:
        H, encodings = encoder.hidden_size, []
        for words, T in zip(ids, lengths, strict=True):
            p = [[position(t, i, H) for i in range(H)] for t in range(T)]
            h = states(weights, [x[words[t]] @ weights["W"] + weights["g"] * p[t] for t in range(T)]) if T else []
            pool = np.mean if encoder.pooling == "mean" else np.max
            encodings.append(pool(h, axis=0) if T else np.zeros(H))
        return np.array(encodings)

    return encoded


@each("options", OPTIONS)
def test_equals_the_equations(options: dict[str, Any], draw: Callable[..., Any], encode: Callable[..., Any]) -> None:
    encoder = Transformer(**{"input_size": 4, "hidden_size": 12, "dim_feedforward": 7, **options})
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))
    found = encode(encoder, weights, x, IDS, LENGTHS)
    assert found == pytest.approx(equation(encoder)(weights, x, IDS, LENGTHS), abs=1e-10, rel=0)
    assert found.shape == (5, encoder.output_size)


@pytest.mark.parametrize("options", [{}, {"norm_first": False, "num_heads": 1, "pooling": "max"}], ids=str)
def test_gradients_equal_finite_differences(
    options: dict[str, Any], draw: Callable[..., Any], largest_error_of_gradients: Callable[..., float]
) -> None:
    small = {"input_size": 2, "hidden_size": 4, "num_heads": 2, "dim_feedforward": 3}
    encoder, x = Transformer(**{**small, **options}), np.random.default_rng(2).normal(size=(8, 2))
    ids, lengths = IDS[:4, :4], np.minimum(LENGTHS[:4], 4)
    assert largest_error_of_gradients(encoder, equation(encoder), draw(encoder), x, ids, lengths) < 1e-7


def torch_network(encoder: Transformer) -> torch.nn.TransformerEncoder:
    layer = torch.nn.TransformerEncoderLayer(
        encoder.hidden_size,
        encoder.num_heads,
        encoder.dim_feedforward,
        dropout=0.0,
        activation="relu",
        batch_first=True,
        norm_first=encoder.norm_first,
        dtype=torch.float64,
    )
    last = torch.nn.LayerNorm(encoder.hidden_size, dtype=torch.float64) if encoder.norm_first else None
    return torch.nn.TransformerEncoder(layer, encoder.num_layers, last, enable_nested_tensor=False)


def to_torch(encoder: Transformer, w: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    own, no_bias = {}, torch.zeros(encoder.hidden_size, dtype=torch.float64)
    for layer in range(encoder.num_layers):
        ours, theirs = f"{layer}.", f"layers.{layer}."
        own[f"{theirs}self_attn.in_proj_weight"] = torch.cat([w[f"{ours}{n}.W"].T for n in ("query", "key", "value")])
        own[f"{theirs}self_attn.in_proj_bias"] = torch.cat([w[f"{ours}query.b"], no_bias, w[f"{ours}value.b"]])
        for name, same in (("self_attn.out_proj", "output"), ("linear1", "linear1"), ("linear2", "linear2")):
            own[f"{theirs}{name}.weight"], own[f"{theirs}{name}.bias"] = w[f"{ours}{same}.W"].T, w[f"{ours}{same}.b"]
        for name in ("norm1", "norm2"):
            own[f"{theirs}{name}.weight"], own[f"{theirs}{name}.bias"] = (
                w[f"{ours}{name}.gain"],
                w[f"{ours}{name}.bias"],
            )
    if encoder.norm_first:
        own |= {"norm.weight": w["norm.gain"], "norm.bias": w["norm.bias"]}
    return own


@each("options", OPTIONS)
def test_equals_torch_s_transformer_encoder_and_its_gradients(
    options: dict[str, Any], draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder = Transformer(**{"input_size": 4, "hidden_size": 12, "dim_feedforward": 7, **options})
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in draw(encoder).items()}
    x = torch.tensor(np.random.default_rng(1).normal(size=(8, 4)), requires_grad=True)
    known = LENGTHS > 0
    ids, lengths = np.minimum(IDS[known], 7), LENGTHS[known]
    positions = torch.tensor([[position(t, i, 12) for i in range(12)] for t in range(6)], dtype=torch.float64)
    beyond = torch.tensor(np.arange(6) >= lengths[:, None])
    theirs = torch.func.functional_call(
        torch_network(encoder),
        to_torch(encoder, leaves),
        (x[ids] @ leaves["W"] + leaves["g"] * positions,),
        {"src_key_padding_mask": beyond},
        strict=True,
    )
    rows = [row[:T] for row, T in zip(theirs, lengths, strict=True)]
    expected = torch.stack([row.mean(dim=0) if encoder.pooling == "mean" else row.amax(dim=0) for row in rows])
    ours = encode(encoder, leaves, x, ids, lengths)
    assert ours.detach().numpy() == pytest.approx(expected.detach().numpy(), abs=1e-10, rel=0)
    seen = torch.tensor(np.random.default_rng(3).normal(size=tuple(ours.shape)))
    gradients = [torch.autograd.grad((y * seen).sum(), [x, *leaves.values()]) for y in (ours, expected)]
    for one, other in zip(*gradients, strict=True):
        assert one.numpy() == pytest.approx(other.numpy(), abs=1e-10, rel=0)


def test_a_bias_of_the_keys_would_change_nothing(draw: Callable[..., Any]) -> None:
    encoder = Transformer(input_size=4, hidden_size=12, dim_feedforward=7)
    weights = {name: torch.tensor(value) for name, value in draw(encoder).items()}
    own, h = to_torch(encoder, weights), torch.tensor(np.random.default_rng(1).normal(size=(2, 5, 12)))
    without = torch.func.functional_call(torch_network(encoder), own, (h,))
    own["layers.0.self_attn.in_proj_bias"][12:24] = 3.0
    assert torch.func.functional_call(torch_network(encoder), own, (h,)).numpy() == pytest.approx(without.numpy())


@pytest.mark.parametrize("norm_first", [True, False])
def test_without_its_positions_it_forgets_the_order(
    norm_first: bool, draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder, x = (
        Transformer(input_size=4, hidden_size=12, norm_first=norm_first),
        np.random.default_rng(1).normal(size=(8, 4)),
    )
    weights, ids, lengths = draw(encoder), np.array([[2, 5, 1, 0], [0, 1, 5, 2]]), np.array([4, 4])
    one, other = encode(encoder, weights, x, ids, lengths)
    assert one != pytest.approx(other, abs=1e-3)
    one, other = encode(encoder, {**weights, "g": np.zeros(12)}, x, ids, lengths)
    assert one == pytest.approx(other, abs=1e-12)


def test_dropout_falls_on_each_branch_before_it_is_added_and_within_the_feed_forward_network(
    draw: Callable[..., Any],
) -> None:
    encoder, seen = Transformer(input_size=4, hidden_size=12, dim_feedforward=7, num_layers=2), []
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))

    def drop(h: Any) -> Any:
        seen.append(h.shape[2])
        return h * 0

    found = encoder.encode(weights, encoder.project_tokens(weights, x), IDS[:1, :1], np.array([1]), drop)[0]
    assert seen == [12, 7, 12] * 2
    # what remains is the sum itself: the word's projection and its position, normalised
    position = np.arange(12) % 2
    assert found == pytest.approx(norm(weights, "norm", x[2] @ weights["W"] + weights["g"] * position), abs=1e-12)


def test_heads_that_do_not_divide_the_hidden_size_are_refused() -> None:
    with pytest.raises(SettingError, match="a divisor of hidden_size 10: 1, 2, 5, 10, got 4") as raised:
        Transformer(input_size=4, hidden_size=10)
    assert raised.value.where == "setting 'num_heads'"
