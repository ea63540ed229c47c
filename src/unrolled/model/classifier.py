"""Encodings (texts, d) → logits (texts, classes): h W + b, whose softmax is P(y | x)."""

from __future__ import annotations

from unrolled.arrays import Array
from unrolled.kernels.arrays import affine, array_namespace
from unrolled.model.weights import Weight, Weights, glorot, zeros


def weights(input_size: int, classes: int) -> dict[str, Weight]:
    """Declare W and b."""
    return {"W": Weight((input_size, classes), glorot(input_size, classes)), "b": Weight((classes,), zeros)}


def classify(weights: Weights, encodings: Array) -> Array:
    """Compute the logits."""
    return affine(encodings, weights["W"], weights["b"])


def log_softmax(logits: Array) -> Array:
    """Turn logits into log-probabilities, without overflow."""
    xp = array_namespace(logits)
    if hasattr(xp, "log_softmax"):
        return xp.log_softmax(logits, dim=1)  # torch's own: one node for its gradient instead of six
    shifted = logits - xp.max(logits, axis=1, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))


def softmax(logits: Array) -> Array:
    """Turn logits into probabilities that sum to 1, without overflow."""
    xp = array_namespace(logits)
    powers = xp.exp(logits - xp.max(logits, axis=1, keepdims=True))
    return powers / xp.sum(powers, axis=1, keepdims=True)
