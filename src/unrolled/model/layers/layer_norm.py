"""Vectors (…, size) → each with mean 0 and variance 1, then scaled and shifted: (…, size) (Ba et al. 2016).

(x - mean) / sqrt(variance + 1e-5) * gain + bias
"""

from __future__ import annotations

from unrolled.arrays import Array
from unrolled.kernels.arrays import array_namespace
from unrolled.model.weights import Weight, Weights, constant, zeros

EPSILON = 1e-5


def weights(size: int) -> dict[str, Weight]:
    """Declare gain and bias."""
    return {"gain": Weight((size,), constant(1.0)), "bias": Weight((size,), zeros)}


def layer_norm(weights: Weights, x: Array) -> Array:
    """Normalise every vector."""
    xp = array_namespace(x)
    centred = x - xp.mean(x, axis=-1, keepdims=True)
    variance = xp.mean(centred * centred, axis=-1, keepdims=True)
    return centred / xp.sqrt(variance + EPSILON) * weights["gain"] + weights["bias"]
