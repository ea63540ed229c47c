"""A recurrent network, weights, labelled texts → dL/dW as a sum: one term per number of steps back.

    dL/dW = G_0 + G_1 + … + G_{T-1},    G_k = dL/dh_T dh_T/dh_{T-1} … dh_{T-k+1}/dh_{T-k} dh_{T-k}/dW

dh_t/dW is the immediate derivative, the state before held fixed. As h_0 = 0, the term of a text's first word is exactly
0 for W, not for U and b. Back-propagation truncated after k steps is the sum of the first k terms.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from unrolled.arrays import Float64Array, IntArray
from unrolled.inspection.replay import check_recurrent, replay
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import Weights


def terms_through_time(
    network: TextNetwork,
    weights: Weights,
    ids: IntArray,
    lengths: IntArray,
    labels: IntArray,
    *,
    steps: int | None = None,
) -> dict[str, Float64Array]:
    """Split the gradient of the texts' mean loss: every weight of the encoder by its name → (steps, *its shape).

    Index k is the term of k steps back, in a direction that reads from the right counted from the first word. With
    `steps` only this many terms are computed. Raises a SettingError for an encoder that isn't recurrent.
    """
    run = replay(network, weights, ids, lengths, steps=steps)
    copies = {
        f"encoder.{side.name}.{symbol}": [own[symbol] for own in side.copies[:steps]]
        for side in run.sides
        for symbol in side.copies[0]
    }
    loss = cross_entropy(run.logits, labels)
    flat = [copy for of_weight in copies.values() for copy in of_weight]
    gradients = iter(torch.autograd.grad(loss, flat, materialize_grads=True))
    return {name: np.stack([next(gradients).numpy() for _ in each]) for name, each in copies.items()}


def blocks(network: TextNetwork, terms: Mapping[str, Float64Array]) -> dict[str, Float64Array]:
    """Cut the terms of W, U and b into the gates' own, by the lecture's symbols: `….W(f)`; a weight of one block stays.

    Raises a SettingError for an encoder that isn't recurrent.
    """
    encoder = check_recurrent(network.encoder)
    found: dict[str, Float64Array] = {}
    for name, term in terms.items():
        found |= _cut(encoder, name, term)
    return found


def _cut(encoder: Recurrent, name: str, term: Float64Array) -> dict[str, Float64Array]:
    if len(encoder.blocks) == 1 or term.shape[-1] != len(encoder.blocks) * encoder.hidden_size:
        return {name: term}
    parts = np.split(term, len(encoder.blocks), axis=-1)
    return {f"{name}({gate})": own for gate, own in zip(encoder.blocks, parts, strict=True)}


def norms(terms: Float64Array) -> Float64Array:
    """Measure each term by its Frobenius norm: (steps, …) → (steps,)."""
    return np.asarray(np.linalg.norm(terms.reshape(len(terms), -1), axis=1))


def shares(terms: Float64Array) -> Float64Array:
    """Return each term's share of the sum G, <G_k, G> / |G|^2: (steps,); they sum to 1; some may be negative."""
    flat = terms.reshape(len(terms), -1)
    whole = flat.sum(axis=0)
    squared = float(whole @ whole)
    return flat @ whole / squared if squared else np.zeros(len(terms))
