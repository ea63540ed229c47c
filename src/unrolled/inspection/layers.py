"""A network of any layers, weights, labelled texts → the norms of dL/dh and dL/dW, layer by layer.

    dL/dh(l) = dL/dh(l+1) dh(l+1)/dh(l),    dL/dW(l) = dL/dh(l) dh(l)/dW(l)

h(0) are the vectors of the texts' words. h(l) is what layer l gives to the one above: of convolutions every window, of
recurrent layers every state; the last layer's h is the text's vector that the classifier reads. Each norm is taken over
all numbers of all texts, of the gradient of their mean loss. The network's own `drop`, which is called on every layer's
output, is where the outputs are seen: there are no hooks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from unrolled.arrays import IntArray
from unrolled.errors import inspection as errors
from unrolled.inspection.replay import in_float64
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.text_network import TextNetwork, restrict
from unrolled.model.weights import Weights


@dataclass(frozen=True)
class LayerNorms:
    """One layer: |dL/dh| of what it gives, and |dL/dw| of each of its weights, by the name within the layer."""

    name: str  # words, layer 1, …, classifier
    h: float
    weights: Mapping[str, float]

    @property
    def W(self) -> float:  # noqa: N802  the lecture's symbol
        """|dL/dW| of the layer's weights called W together: of several towers or directions, all of them."""
        return math.hypot(*(norm for name, norm in self.weights.items() if name.split(".")[-1] == "W"))


def layer_norms(
    network: TextNetwork, weights: Weights, ids: IntArray, lengths: IntArray, labels: IntArray
) -> list[LayerNorms]:
    """Measure the words' vectors, every layer and the classifier, in the order in which a text passes them.

    Raises a SettingError for an encoder that doesn't hand out the outputs of its layers, such as the transformer.
    """
    own, local, _ = restrict(in_float64(weights), ids, lengths)
    words, outputs = _Recorder(), _Recorder()
    logits = network.logits(own, local, lengths, drop=outputs, drop_words=words)
    layers = _layers(own)
    groups = _grouped(network, outputs.seen, layers)
    seen = [*words.seen, *outputs.seen, logits]
    found = torch.autograd.grad(cross_entropy(logits, labels), [*seen, *own.values()], materialize_grads=True)
    of_output = dict(zip(map(id, seen), map(_norm, found), strict=False))
    of_weight = dict(zip(own, map(_norm, found[len(seen) :]), strict=True))
    rows = [LayerNorms("words", of_output[id(words.seen[0])], {})]
    for number, (group, names) in enumerate(zip(groups, layers, strict=True), start=1):
        norm = math.hypot(*(of_output[id(h)] for h in group))
        rows.append(LayerNorms(f"layer {number}", norm, {name.split(".", 2)[2]: of_weight[name] for name in names}))
    last = {name: of_weight[f"classifier.{name}"] for name in ("W", "b")}
    return [*rows, LayerNorms("classifier", of_output[id(logits)], last)]


class _Recorder:
    """Passes for dropout, drops nothing, and remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[torch.Tensor] = []

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        self.seen.append(x.view_as(x))  # of its own: the text's vector may be a layer's output itself
        return self.seen[-1]


def _layers(weights: Weights) -> list[list[str]]:
    """List the names of the encoder's weights layer by layer: those called `encoder.NUMBER.…`."""
    numbers = sorted({int(n.split(".")[1]) for n in weights if n.startswith("encoder.") and n.split(".")[1].isdigit()})
    return [[name for name in weights if name.startswith(f"encoder.{number}.")] for number in numbers]


def _grouped(
    network: TextNetwork, seen: Sequence[torch.Tensor], layers: Sequence[Sequence[str]]
) -> list[list[torch.Tensor]]:
    """Assign the outputs to their layers: tower by tower those below the last, then the text's vector."""
    if not layers and len(seen) == 1:
        return []
    towers = len({name.split(".")[2] for name in layers[0] if name.split(".")[2].isdigit()}) if layers else 0
    towers, below = max(1, towers), len(layers) - 1
    if len(seen) != towers * below + 1:
        raise errors.no_layer_outputs(type(network.encoder).__name__.lower())
    return [*([seen[tower * below + layer] for tower in range(towers)] for layer in range(below)), [seen[-1]]]


def _norm(gradient: torch.Tensor) -> float:
    return float(torch.linalg.vector_norm(gradient))
