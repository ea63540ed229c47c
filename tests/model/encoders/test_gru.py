"""The GRU against the lecture's equations, written out in NumPy; torch's own where it is the same model, and isn't."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.model.encoders.gru import GRU

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
Reset = Literal["before", "after"]
Gate = Literal["sigmoid", "tanh"]
RESETS: list[Reset] = ["before", "after"]
GATES: list[Gate] = ["sigmoid", "tanh"]


def sigma(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


GATE: dict[str, Callable[[Any], Any]] = {"sigmoid": sigma, "tanh": np.tanh}


def symbols(gate: Gate, weights: dict[str, Any], x: list[Any]) -> list[Any]:
    W, U, b = (dict(zip("rzh", np.split(weights[name], 3, axis=-1), strict=True)) for name in "WUb")
    h, found = np.zeros(len(weights["W"])), []
    for x_t in x:
        r_t = sigma(h @ W["r"] + x_t @ U["r"] + b["r"])
        z_t = GATE[gate](h @ W["z"] + x_t @ U["z"] + b["z"])
        if "c" in weights:  # the library's form: the reset comes after the product
            new = np.tanh(r_t * (h @ W["h"] + weights["c"]) + x_t @ U["h"] + b["h"])
        else:  # the lecture's
            new = np.tanh((r_t * h) @ W["h"] + x_t @ U["h"] + b["h"])
        h = (1 - z_t) * h + z_t * new
        found.append((h, r_t, z_t, new))
    return found


def states(gate: Gate) -> Callable[[dict[str, Any], list[Any]], list[Any]]:
    return lambda weights, x: [h for h, *_ in symbols(gate, weights, x)]


def side(weights: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("0.forward."): value for name, value in weights.items()}


@each("gate", GATES)
@each("reset", RESETS)
@each("options", SHAPES)
def test_equals_the_equations(
    gate: Gate,
    reset: Reset,
    options: dict[str, Any],
    draw: Callable[..., Any],
    encode: Callable[..., Any],
    layered: Callable[..., Any],
) -> None:
    encoder = GRU(input_size=4, hidden_size=3, reset=reset, update_gate=gate, **options)
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))
    expected = layered(states(gate), encoder.pooling)(weights, x, IDS, LENGTHS)
    assert encode(encoder, weights, x, IDS, LENGTHS) == pytest.approx(expected, abs=1e-10, rel=0)
    assert encoder.output_size == expected.shape[1]


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("reset", RESETS)
def test_equals_the_equations_on_a_text_of_20_words(
    gate: Gate, reset: Reset, draw: Callable[..., Any], encode: Callable[..., Any], layered: Callable[..., Any]
) -> None:
    encoder = GRU(input_size=4, hidden_size=3, reset=reset, update_gate=gate, pooling="last")
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(20, 4))
    ids, lengths = np.arange(20)[None], np.array([20])
    expected = layered(states(gate), "last")(weights, x, ids, lengths)
    assert encode(encoder, weights, x, ids, lengths) == pytest.approx(expected, abs=1e-10, rel=0)


@each("gate", GATES)
@each("reset", RESETS)
@each("options", [{}, {"bidirectional": True, "num_layers": 2}, {"pooling": "mean"}, {"pooling": "max"}])
def test_gradients_equal_finite_differences(
    gate: Gate,
    reset: Reset,
    options: dict[str, Any],
    draw: Callable[..., Any],
    layered: Callable[..., Any],
    largest_error_of_gradients: Callable[..., float],
) -> None:
    encoder = GRU(input_size=2, hidden_size=2, reset=reset, update_gate=gate, **options)
    x, equation = np.random.default_rng(2).normal(size=(8, 2)), layered(states(gate), encoder.pooling)
    assert largest_error_of_gradients(encoder, equation, draw(encoder), x, IDS, LENGTHS) < 1e-7


def to_torch(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Map the weights; torch's z is our 1 - z, and sigma(-a) = 1 - sigma(a)."""
    U, W, b = (torch.cat([r, -z, h], dim=-1) for r, z, h in (weights[name].chunk(3, dim=-1) for name in "UWb"))
    inside = torch.cat([torch.zeros_like(b[:6]), weights.get("c", torch.zeros_like(b[6:]))])
    return {"weight_ih": U.T, "weight_hh": W.T, "bias_ih": b, "bias_hh": inside}


def torch_gru(num_layers: int = 1, bidirectional: bool = False) -> torch.nn.GRU:
    return torch.nn.GRU(4, 3, num_layers, batch_first=True, bidirectional=bidirectional, dtype=torch.float64)


@each("pooling", ["last", "mean", "max"])
@each(("num_layers", "bidirectional"), [(1, False), (1, True), (3, False), (2, True)])
def test_with_the_reset_after_it_equals_torch_s_gru_and_its_gradients(
    num_layers: int,
    bidirectional: bool,
    pooling: Literal["last", "mean", "max"],
    draw: Callable[..., Any],
    far_from_torch: Callable[..., float],
) -> None:
    shape: dict[str, Any] = {"num_layers": num_layers, "bidirectional": bidirectional}
    encoder = GRU(input_size=4, hidden_size=3, reset="after", pooling=pooling, **shape)
    x = np.random.default_rng(1).normal(size=(8, 4))
    assert far_from_torch(encoder, torch_gru(**shape), to_torch, draw(encoder), x, IDS, LENGTHS) < 1e-10


def test_the_lecture_s_gru_is_not_torch_s(draw: Callable[..., Any], far_from_torch: Callable[..., float]) -> None:
    x = np.random.default_rng(1).normal(size=(8, 4))
    ours, same = (GRU(input_size=4, hidden_size=3, reset=reset) for reset in RESETS)
    weights = draw(ours)
    assert far_from_torch(ours, torch_gru(), to_torch, weights, x, IDS, LENGTHS) > 0.01
    # not for the bias that it lacks: torch's form without that one is torch's
    assert far_from_torch(same, torch_gru(), to_torch, {**weights, "0.forward.c": np.zeros(3)}, x, IDS, LENGTHS) < 1e-10


def test_both_forms_and_torch_s_agree_on_the_first_word(
    draw: Callable[..., Any], far_from_torch: Callable[..., float], encode: Callable[..., Any]
) -> None:
    x, one_word = np.random.default_rng(1).normal(size=(8, 4)), np.ones(5, np.int64)
    before, after = (GRU(input_size=4, hidden_size=3, reset=reset) for reset in RESETS)
    weights = draw(before)
    found = encode(before, weights, x, IDS % 8, one_word)
    assert found == pytest.approx(encode(after, {**weights, "0.forward.c": np.zeros(3)}, x, IDS % 8, one_word))
    assert far_from_torch(before, torch_gru(), to_torch, weights, x, IDS % 8, one_word) < 1e-10  # h_0 = 0


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("reset", RESETS)
def test_a_step_gives_the_symbols_of_the_equations(gate: Gate, reset: Reset, draw: Callable[..., Any]) -> None:
    encoder = GRU(input_size=4, hidden_size=3, reset=reset, update_gate=gate)
    weights, x = side(draw(encoder)), np.random.default_rng(1).normal(size=(5, 4))
    step, found = encoder.step(weights), (np.zeros((1, 3)),)
    for x_t, expected in zip(x, symbols(gate, weights, list(x)), strict=True):
        found = step((x_t @ weights["U"] + weights["b"])[None], found[:1])
        assert np.array(found)[:, 0] == pytest.approx(np.array(expected), abs=1e-12)
    assert encoder.symbols == ("h", "r", "z", "h~")


def test_its_jacobian_is_the_lecture_s(draw: Callable[..., Any]) -> None:
    encoder, random = GRU(input_size=4, hidden_size=3), np.random.default_rng(1)
    weights, h, x = side(draw(encoder)), random.normal(size=3), random.normal(size=4)
    step = encoder.step({name: torch.tensor(value) for name, value in weights.items()})
    a = torch.tensor(x @ weights["U"] + weights["b"])[None]
    before = torch.tensor(h[None], requires_grad=True)
    after = step(a, (before,))[0][0]
    found = np.array([torch.autograd.grad(h_i, before, retain_graph=True)[0][0].numpy() for h_i in after])
    # the lecture's matrices stand on the left of their vectors: ours, transposed
    (U_r, U_z, U_h), (W_r, W_z, W_h) = (np.split(weights[name].T, 3) for name in "UW")
    b_r, b_z, b_h = np.split(weights["b"], 3)
    r, z = sigma(W_r @ h + U_r @ x + b_r), sigma(W_z @ h + U_z @ x + b_z)
    new = np.tanh(W_h @ (r * h) + U_h @ x + b_h)
    expected = (
        np.diag(1 - z)
        + np.diag((new - h) * z * (1 - z)) @ W_z
        + np.diag(z * (1 - new**2)) @ W_h @ (np.diag(r) + np.diag(h * r * (1 - r)) @ W_r)
    )
    assert found == pytest.approx(expected, abs=1e-10, rel=0)


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("reset", RESETS)
def test_the_last_state_is_the_sum_of_what_was_stored_at_each_word(
    gate: Gate, reset: Reset, draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder = GRU(input_size=4, hidden_size=3, reset=reset, update_gate=gate, pooling="last")
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))
    step, found, z, new = encoder.step(side(weights)), (np.zeros((1, 3)),), [], []
    for a in encoder.project_tokens(weights, x):
        found = step(a[None], found[:1])
        z.append(found[encoder.symbols.index("z")][0])
        new.append(found[encoder.symbols.index("h~")][0])
    h_T = sum(np.prod([1 - z_j for z_j in z[t + 1 :]], axis=0) * z[t] * new[t] for t in range(8))
    assert encode(encoder, weights, x, np.arange(8)[None], np.array([8]))[0] == pytest.approx(h_T, abs=1e-10, rel=0)


def negative_gate(gate: Gate) -> tuple[GRU, dict[str, Any]]:
    """Make z = sigma(-20) or tanh(-20) = -1 at every word, and h~ = 1."""
    return GRU(input_size=1, hidden_size=1, update_gate=gate, pooling="last"), {
        "0.forward.U": np.zeros((1, 3), "f4"),
        "0.forward.W": np.zeros((1, 3), "f4"),
        "0.forward.b": np.array([0, -20, 20], "f4"),
    }


def test_the_misprinted_gate_doubles_a_state_at_every_word(encode: Callable[..., Any]) -> None:
    encoder, weights = negative_gate("tanh")
    lengths = np.arange(1, 21)
    ids = np.zeros((20, 20), np.int64)
    found = encode(encoder, weights, np.zeros((1, 1), "f4"), ids, lengths)[:, 0]
    assert found.tolist() == [1 - 2**T for T in range(1, 21)]  # h = 2 h - 1


def test_the_misprinted_gate_overflows_float32_after_some_130_words_and_the_right_one_never(
    encode: Callable[..., Any],
) -> None:
    ids, words = np.zeros((2, 140), np.int64), np.zeros((1, 1), "f4")
    encoder, weights = negative_gate("tanh")
    with np.errstate(over="ignore", invalid="ignore"):
        shorter, longer = encode(encoder, weights, words, ids, np.array([127, 140]))[:, 0]
    assert np.isfinite(shorter)
    assert shorter < -1e38
    assert not np.isfinite(longer)
    encoder, weights = negative_gate("sigmoid")
    assert np.abs(encode(encoder, weights, words, ids, np.array([127, 140]))).max() <= 1


def test_all_biases_begin_at_zero_and_only_the_form_of_the_libraries_has_the_second() -> None:
    before, after = (GRU(input_size=4, hidden_size=3, reset=reset).weights() for reset in RESETS)
    assert after.keys() - before.keys() == {"0.forward.c"}
    random = np.random.default_rng(0)
    for name, size in (("0.forward.b", 9), ("0.forward.c", 3)):
        assert after[name].shape == (size,)
        assert not after[name].first_values(random, (size,)).any()
