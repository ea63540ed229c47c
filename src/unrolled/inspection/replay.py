"""A recurrent network, weights, texts → the walk once more, in float64, every step with weights of its own.

The lecture's dL/dW = sum_k dL/dh_T dh_T/dh_{T-1} … dh_{T-k+1}/dh_{T-k} dh_{T-k}/dW has a term for every use of W. So
each step is given its own copy of W, U, b (and of what else a step has): the copies are equal, and the gradient of the
loss with respect to the copy of step T-k *is* the term k. The step is the encoder's own: there is no second arithmetic,
and no formula that belongs to one encoder.

The texts of a batch are aligned at their ends, so that k steps back is the same place for all of them. The direction
that reads from the right has its own end, the first word, and counts its steps back from there. With mean or max
pooling every state touches the loss: k then says how far before the end a step stands, not how long the path is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from unrolled.arrays import IntArray
from unrolled.errors import inspection as errors
from unrolled.inspection.alignment import Alignment
from unrolled.model.encoder import Encoder
from unrolled.model.layers import pooling
from unrolled.model.layers.bidirectional import DIRECTIONS
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.layers.scan import State
from unrolled.model.registry import encoder_class, encoder_names
from unrolled.model.text_network import TextNetwork, restrict
from unrolled.model.weights import Weights, select


@dataclass(frozen=True)
class Side:
    """One layer in one direction; both lists go back in time, the last step first: index k is k steps back."""

    name: str  # layer.direction, as in the weights
    symbols: tuple[str, ...]  # of the state
    found: list[State]  # what each step gave: the state, then the gates, each (texts, hidden)
    copies: list[dict[str, torch.Tensor]]  # each step's own weights, by their symbol


@dataclass(frozen=True)
class Replay:
    """What the walk gave: logits (texts, classes), and every side, layer by layer, forward before backward."""

    logits: torch.Tensor
    sides: list[Side]


def replay(
    network: TextNetwork, weights: Weights, ids: IntArray, lengths: IntArray, *, steps: int | None = None
) -> Replay:
    """Read texts, ids (texts, length) and lengths (texts,), following the gradient `steps` steps back, or all the way.

    What is further back is computed and held fixed, which changes no term nearer than that. Only in stacked layers
    that read both ways every state can reach every other: those are followed all the way. Raises a SettingError for an
    encoder that isn't recurrent.
    """
    encoder = check_recurrent(network.encoder)
    own, local, _ = restrict(in_float64(weights), ids, lengths)
    aligned = Alignment(lengths)
    tangled = encoder.bidirectional and encoder.num_layers > 1
    first = 0 if steps is None or tangled else max(0, aligned.width - steps)
    x = aligned.look_up(network.embed(own), local)
    states, sides = _layers(encoder, select(own, "encoder"), x, aligned, first)
    return Replay(network.classify(own, _pooled(encoder, states, aligned)), sides)


def check_recurrent(encoder: Encoder) -> Recurrent:
    """Take an encoder that walks over time, or raise a SettingError that names those that do."""
    if not isinstance(encoder, Recurrent):
        known = [name for name in encoder_names() if issubclass(encoder_class(name), Recurrent)]
        raise errors.not_recurrent(type(encoder).__name__.lower(), known)
    return encoder


def in_float64(weights: Weights) -> dict[str, torch.Tensor]:
    """Copy weights of either kind to float64, where a gradient of 1e-200 still has a norm; with their gradient."""
    arrays = {n: w.detach().cpu() if isinstance(w, torch.Tensor) else w for n, w in weights.items()}
    return {name: torch.from_numpy(np.array(array, "f8")).requires_grad_() for name, array in arrays.items()}


def _layers(
    encoder: Recurrent, weights: Weights, x: torch.Tensor, aligned: Alignment, first: int
) -> tuple[list[torch.Tensor], list[Side]]:
    """Walk layer by layer → the last layer's states (texts, width, hidden), one a direction, and every side."""
    sides: list[Side] = []
    for layer in range(encoder.num_layers):
        states = []
        for direction in DIRECTIONS[: 1 + encoder.bidirectional]:
            name, turn = f"{layer}.{direction}", aligned.mirrored if direction == "backward" else _as_it_is
            scanned, side = _walk(encoder, name, select(weights, name), turn(x), aligned, first)
            states.append(turn(scanned))
            sides.append(side)
        x = torch.cat(states, dim=2)
    return states, sides


def _as_it_is(x: torch.Tensor) -> torch.Tensor:
    return x


def _walk(
    encoder: Recurrent, name: str, weights: Weights, x: torch.Tensor, aligned: Alignment, first: int
) -> tuple[torch.Tensor, Side]:
    """Walk over one direction's inputs; the gradient is followed from slot `first` on."""
    true = torch.from_numpy(aligned.true)[:, :, None]
    state: State = (torch.zeros(len(x), encoder.hidden_size, dtype=x.dtype),) * encoder.parts
    side, hidden = Side(name, encoder.symbols[: encoder.parts], [], []), []
    for slot in range(aligned.width):
        with torch.set_grad_enabled(slot >= first):
            own = {symbol: weight.view_as(weight) for symbol, weight in weights.items()}
            found = encoder.step(own)(x[:, slot] @ own["U"] + own["b"], state)
            state = tuple(torch.where(true[:, slot], new, 0.0) for new in found[: encoder.parts])
        hidden.append(state[0])
        if slot >= first:
            side.found.insert(0, found)
            side.copies.insert(0, own)
    return torch.stack(hidden, dim=1), side


def _pooled(encoder: Recurrent, states: list[torch.Tensor], aligned: Alignment) -> torch.Tensor:
    """Make one vector a text, (texts, output_size)."""
    if encoder.pooling == "last":  # where each direction has read the whole text
        ends = [states[0], *(aligned.mirrored(x) for x in states[1:])]
        return torch.cat([x[:, -1] for x in ends], dim=1)
    together = aligned.from_the_left(torch.cat(states, dim=2))
    if encoder.pooling == "max":
        return pooling.maximum(together, aligned.lengths)  # type: ignore[no-any-return]
    true = torch.from_numpy(np.arange(aligned.width) < aligned.lengths[:, None])
    return pooling.mean(torch.where(true[:, :, None], together, 0.0), aligned.lengths)  # type: ignore[no-any-return]
