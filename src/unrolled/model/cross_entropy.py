"""Logits (texts, classes) and labels (texts,) → the loss: the weighted mean of -sum_c y_c log P(y = c | x).

With label smoothing s the true class has y = 1 - s + s/K and every other s/K; class weights w_c multiply each class's
term, and the sum is divided by the labels' weights: both as `torch.nn.CrossEntropyLoss` defines them.
"""

from __future__ import annotations

import numpy as np

from unrolled.arrays import AnyArray, Array, IntArray
from unrolled.kernels.arrays import array_namespace, like
from unrolled.model.classifier import log_softmax


def cross_entropy(
    logits: Array, labels: IntArray, *, class_weight: AnyArray | None = None, label_smoothing: float = 0.0
) -> Array:
    """Compute the mean loss of a batch, a scalar."""
    xp = array_namespace(logits)
    classes = logits.shape[1]
    weight = np.ones(classes) if class_weight is None else class_weight
    target = np.zeros((len(labels), classes))
    target[np.arange(len(labels)), labels] = 1 - label_smoothing
    target = (target + label_smoothing / classes) * weight
    target = xp.astype(like(target / weight[labels].sum(), logits), logits.dtype)
    return -xp.sum(target * log_softmax(logits))
