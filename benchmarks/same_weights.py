"""Our network and weights → torch's network with the same weights, so that both give the same logits.

Ours keeps U (inputs, blocks x hidden), W (hidden, blocks x hidden) and one b; torch the transposes and two biases, its
blocks in another order. torch's GRU keeps z of the old state, ours takes z of the new one: so its weights are ours with
the sign changed, as sigma(-a) = 1 - sigma(a).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.torch_networks import BagNetwork, Network, Recurrent, TextCNN
from unrolled.model.layers.recurrent import Recurrent as Ours
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import select

Arrays = Mapping[str, np.ndarray[Any, Any]]
TORCH_BLOCKS = {"rnn": "h", "lstm": "ifco", "gru": "rzh"}


def in_order(array: np.ndarray[Any, Any], ours: str, wanted: str) -> np.ndarray[Any, Any]:
    """Reorder blocks of the last axis, named by ours, and change the sign of a gru's z."""
    blocks = dict(zip(ours, np.split(array, len(ours), axis=-1), strict=True))
    if set(ours) == set("rzh"):
        blocks["z"] = -blocks["z"]
    return np.concatenate([blocks[name] for name in wanted], axis=-1)


def fill(theirs: Network | BagNetwork, network: TextNetwork, weights: Arrays) -> None:
    """Copy our weights into torch's network; what it can't express, a gru's reset before the product, is left out."""
    own = select(weights, "encoder")
    copied = _of_layer(theirs, network, own)
    copied[f"{'bag' if isinstance(theirs, BagNetwork) else 'embedding'}.weight"] = weights["embeddings.tuned"]
    copied |= {"classifier.weight": weights["classifier.W"].T, "classifier.bias": weights["classifier.b"]}
    state = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in copied.items()}
    theirs.load_state_dict(state)
    theirs.eval()


def _of_layer(theirs: nn.Module, network: TextNetwork, own: Arrays) -> dict[str, np.ndarray[Any, Any]]:
    if isinstance(theirs, BagNetwork):
        return {"hidden.weight": own["0.W"].T, "hidden.bias": own["0.b"]}
    layer = theirs.layer
    if isinstance(layer, TextCNN):
        towers = range(len(layer.convolutions))
        filters = {f"layer.convolutions.{t}.weight": own[f"0.{t}.W"].transpose(2, 1, 0) for t in towers}
        return filters | {f"layer.convolutions.{t}.bias": own[f"0.{t}.b"] for t in towers}
    assert isinstance(layer, Recurrent)
    encoder = network.encoder
    assert isinstance(encoder, Ours)
    return {
        f"layer.network.{name}": array
        for number in range(encoder.num_layers)
        for side, suffix in (("forward", ""), ("backward", "_reverse"))[: 1 + encoder.bidirectional]
        for name, array in _of_direction(select(own, f"{number}.{side}"), encoder, f"_l{number}{suffix}").items()
    }


def _of_direction(own: Arrays, encoder: Ours, suffix: str) -> dict[str, np.ndarray[Any, Any]]:
    ours = "".join(encoder.blocks)
    U, W, b = (in_order(own[name], ours, TORCH_BLOCKS[_kind(encoder)]) for name in ("U", "W", "b"))
    second = np.zeros_like(b)
    if "c" in own:
        second[-encoder.hidden_size :] = own["c"]
    return {f"weight_ih{suffix}": U.T, f"weight_hh{suffix}": W.T, f"bias_ih{suffix}": b, f"bias_hh{suffix}": second}


def _kind(encoder: Ours) -> str:
    return type(encoder).__name__.lower()
