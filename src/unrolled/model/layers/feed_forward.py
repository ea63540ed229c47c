"""Vectors (texts, d) → vectors (texts, hidden): layers of relu(x W + b), as many as there are weights."""

from __future__ import annotations

import numpy as np
from array_api_compat import device

from unrolled.arrays import Array
from unrolled.kernels.arrays import affine, array_namespace, relu
from unrolled.model.encoder import Dropout, no_dropout
from unrolled.model.weights import Weight, Weights, fan_in, zeros


def weights(input_size: int, hidden_size: int, num_layers: int) -> dict[str, Weight]:
    """Declare W and b of every layer."""
    declared = {}
    for layer in range(num_layers):
        inputs = hidden_size if layer else input_size
        declared[f"{layer}.W"] = Weight((inputs, hidden_size), fan_in(inputs))
        declared[f"{layer}.b"] = Weight((hidden_size,), zeros)
    return declared


def feed_forward(weights: Weights, x: Array, num_layers: int, drop: Dropout) -> Array:
    """Pass x through the layers, with dropout between them."""
    for layer in range(num_layers):
        x = relu(affine(drop(x) if layer else x, weights[f"{layer}.W"], weights[f"{layer}.b"]))
    return x


def of_zeros(weights: Weights, inputs: int, num_layers: int) -> Array:
    """Return what the network makes of a vector of zeros: (hidden,), or the zeros themselves without layers."""
    if not num_layers:
        return np.zeros(inputs)
    W = weights["0.W"]
    empty = array_namespace(W).zeros((1, inputs), dtype=W.dtype, device=device(W))
    return feed_forward(weights, empty, num_layers, no_dropout)[0]
