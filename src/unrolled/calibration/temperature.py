"""Logits (rows, K) and true columns (rows,) → the temperature T whose softmax(logits / T) has the least log loss.

    f(b) = mean_i [ln Σ_k exp(b z_ik) - b z_iy],   b = 1 / T      (Guo et al. 2017, On Calibration of Modern Neural
    f'(b) = mean_i [E_p z_i - z_iy],   f''(b) = mean_i Var_p z_i   Networks, section 4.2), p_i = softmax(b z_i)

f is convex in b, so that the root of f' is its least point: Newton's steps, kept between two ends by bisection.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Float64Array, FloatArray
from unrolled.calibration.abstention import HIGHEST, LOWEST

STEPS = 200  # halvings and Newton's steps; about ten are usual


def temperature(logits: FloatArray, columns: NDArray[np.integer[Any]]) -> float:
    """Return T, between 0.01 and 100, for finite logits (rows, K) and the columns (rows,) of their true labels.

    Where the true label has the highest logit in every row, the loss falls for ever as T falls: n rows that are all
    right don't prove certainty. Then T is the one of the mean loss ln((n + 2) / (n + 1)), that of the probability
    (n + 1) / (n + 2) that Laplace's rule of succession gives such rows. Where nothing depends on T, as without rows, it
    is 1.
    """
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)  # changes no loss; now exp can't overflow
    truth = shifted[np.arange(len(columns)), columns]
    if not shifted.any():
        return 1.0
    if truth.any():
        return _clipped(_root(lambda b: _slopes(b, shifted, truth)))
    enough = math.log((len(truth) + 2) / (len(truth) + 1))
    # With truth = 0 the loss is mean ln Σ exp(b z): it falls as b grows, and its derivative is the slope.
    return _clipped(_root(lambda b: (enough - _loss(b, shifted), -_slopes(b, shifted, truth)[0])))


def _clipped(b: float) -> float:
    return min(max(1 / b, LOWEST), HIGHEST)


def _root(values: Callable[[float], tuple[float, float]]) -> float:
    """Find where a growing function of b, given with its derivative, is 0; else the end that is nearest to it."""
    low, high, b = 1 / HIGHEST, 1 / LOWEST, 1.0
    if values(low)[0] >= 0:
        return low
    if values(high)[0] <= 0:
        return high
    for _ in range(STEPS):
        value, slope = values(b)
        low, high = (b, high) if value < 0 else (low, b)
        following = b - value / slope if slope > 0 else low
        if not low < following < high:
            following = math.sqrt(low * high)
        if abs(following - b) <= 1e-15 * b:
            break
        b = following
    return b


def _slopes(b: float, z: Float64Array, truth: Float64Array) -> tuple[float, float]:
    """Compute f'(b) and f''(b)."""
    p = np.exp(b * z)
    p /= p.sum(axis=1, keepdims=True)
    means = (p * z).sum(axis=1)
    variances = (p * (z - means[:, None]) ** 2).sum(axis=1)
    return float((means - truth).mean()), float(variances.mean())


def _loss(b: float, z: Float64Array) -> float:
    return float(np.log(np.exp(b * z).sum(axis=1)).mean())
