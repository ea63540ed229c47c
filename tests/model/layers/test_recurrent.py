"""The plain network h_t = tanh(W h_{t-1} + U x_t + b), built on `Recurrent`, against torch's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.each import each
from unrolled.arrays import Array
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.layers.scan import State, Step
from unrolled.model.registry import encoder_class, encoder_names
from unrolled.model.weights import Initializer, Weights, initialize, select, uniform

LENGTHS = np.array([2, 5, 1, 3])
IDS = np.array([[1, 0, 9, 9, 9], [3, 2, 2, 5, 1], [4, 9, 9, 9, 9], [0, 1, 4, 9, 9]])
VECTORS = np.random.default_rng(0).normal(size=(6, 4))


RECURRENT = [name for name in encoder_names() if issubclass(encoder_class(name), Recurrent)]
GRUS: list[dict[str, Any]] = [
    {"reset": reset, "update_gate": gate} for reset in ("before", "after") for gate in ("sigmoid", "tanh")
]
STEPS = [(name, options) for name in RECURRENT for options in (GRUS if name == "gru" else [{}])]


@dataclass(frozen=True, kw_only=True)
class Plain(Recurrent):
    """The smallest step there is."""

    blocks: ClassVar[tuple[str, ...]] = ("h",)
    parts: ClassVar[int] = 1
    symbols: ClassVar[tuple[str, ...]] = ("h",)

    def step(self, weights: Weights) -> Step:
        """One word further."""

        def plain_step(x: Array, state: State) -> State:
            return (np.tanh(x + state[0] @ weights["W"]),)

        return plain_step

    def first_bias(self) -> Initializer:
        """Draw anything but zeros."""
        return uniform(1.0)


def states_of_torch(encoder: Plain, weights: dict[str, Any]) -> list[torch.Tensor]:
    rnn = torch.nn.RNN(4, 3, encoder.num_layers, bidirectional=encoder.bidirectional, batch_first=True)
    own = {name: torch.zeros_like(tensor) for name, tensor in rnn.state_dict().items()}
    names = {"U": "weight_ih", "W": "weight_hh", "b": "bias_ih"}
    for name, value in weights.items():
        layer, direction, symbol = name.split(".")
        own[f"{names[symbol]}_l{layer}{'_reverse' * (direction == 'backward')}"] = torch.tensor(value.T)
    rnn.load_state_dict(own)
    ids = np.minimum(IDS, len(VECTORS) - 1)
    x = pack_padded_sequence(torch.tensor(VECTORS[ids]), torch.tensor(LENGTHS), batch_first=True, enforce_sorted=False)
    padded = pad_packed_sequence(rnn.double()(x)[0], batch_first=True)[0]
    return [row[:length].detach() for row, length in zip(padded, LENGTHS, strict=True)]


@each("pooling", ["last", "mean", "max"])
@each("bidirectional", [False, True])
@each("num_layers", [1, 2, 3])
def test_layers_directions_and_pooling_equal_torch_s(num_layers: int, bidirectional: bool, pooling: Any) -> None:
    encoder = Plain(input_size=4, hidden_size=3, num_layers=num_layers, bidirectional=bidirectional, pooling=pooling)
    weights = initialize(encoder.weights(), 0)
    states = states_of_torch(encoder, weights)
    pools: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "last": lambda h: torch.cat([h[-1, :3], h[0, 3:]]),
        "mean": lambda h: h.mean(dim=0),
        "max": lambda h: h.amax(dim=0),
    }
    expected = torch.stack([pools[pooling](h) for h in states]).numpy()
    found = encoder.encode(weights, encoder.project_tokens(weights, VECTORS), IDS, LENGTHS)
    assert found == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("num_layers", [1, 3])
def test_drop_falls_between_layers_and_nowhere_else(num_layers: int) -> None:
    encoder, dropped = Plain(input_size=4, hidden_size=3, num_layers=num_layers, bidirectional=True), []

    def drop(x: Any) -> Any:
        dropped.append(x.shape)
        return x * 0

    weights = initialize(encoder.weights(), 0)
    found = encoder.encode(weights, encoder.project_tokens(weights, VECTORS), IDS, LENGTHS, drop)
    assert dropped == [(LENGTHS.sum(), 6)] * (num_layers - 1)
    others = encoder.encode(weights, encoder.project_tokens(weights, VECTORS[::-1]), IDS, LENGTHS, drop)
    assert np.array_equal(found, others) == (num_layers > 1)  # all that layer 2 read was 0


def test_rnn_lstm_and_gru_are_built_on_it() -> None:
    assert RECURRENT == ["gru", "lstm", "rnn"]


@each("kind", [np.asarray, torch.from_numpy])
@each(("name", "options"), STEPS)
def test_a_step_gives_one_array_for_every_symbol_and_the_first_are_the_state(
    name: str, options: dict[str, Any], kind: Any
) -> None:
    encoder: Recurrent = encoder_class(name)(input_size=4, hidden_size=3, pooling="last", **options)
    weights = {key: kind(value.astype("f8")) for key, value in initialize(encoder.weights(), 0).items()}
    step = encoder.step(select(weights, "0.forward"))
    projected = encoder.project_tokens(weights, kind(VECTORS))
    state = tuple(kind(np.zeros((2, 3))) for _ in range(encoder.parts))
    for word in range(4):  # two texts: 0 1 2 3 and 1 2 3 4
        found = step(projected[word : word + 2], state)
        assert [tuple(array.shape) for array in found] == [(2, 3)] * len(encoder.symbols)
        state = found[: encoder.parts]
    ids, lengths = np.array([[0, 1, 2, 3], [1, 2, 3, 4]]), np.array([4, 4])
    expected = np.asarray(encoder.encode(weights, projected, ids, lengths))
    assert np.asarray(state[0]) == pytest.approx(expected, abs=1e-12)
    assert projected.shape == (6, 3 * len(encoder.blocks))
