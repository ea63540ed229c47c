"""Probabilities that the model gave to the true labels (rows,) → mean of -log p, in nats."""

from __future__ import annotations

import numpy as np

from unrolled.arrays import FloatArray


def log_loss(of_truth: FloatArray) -> float:
    """Average the negative log-probabilities, clipped by the epsilon of their dtype as scikit-learn clips them."""
    epsilon = np.finfo(of_truth.dtype).eps
    return float(-np.log(np.clip(of_truth, epsilon, 1 - epsilon), dtype=np.float64).mean())
