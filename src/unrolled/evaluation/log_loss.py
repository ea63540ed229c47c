"""Probabilities that the model gave to the true labels (rows,) → mean of -log p, in nats."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def log_loss(of_truth: NDArray[np.floating[Any]]) -> float:
    """Average the negative log-probabilities, clipped by the epsilon of their dtype as scikit-learn clips them."""
    epsilon = np.finfo(of_truth.dtype).eps
    return float(-np.log(np.clip(of_truth, epsilon, 1 - epsilon), dtype=np.float64).mean())
