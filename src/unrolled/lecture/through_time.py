"""A plain RNN's states and dL/dh_T → the terms of dL/dW, dL/dU and dL/db, by how far back the path goes.

    dL/dW = sum_{t=T..1} dL/dh_T (prod_{j=T..t+1} dh_j/dh_{j-1}) dh_t/dW,        dh_t/dW with h_{t-1} held fixed

with dh_t/dh_{t-1} = diag(sigma'_t) W, where sigma' = 1 - h^2 for tanh and h (1 - h) for the logistic function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from unrolled.arrays import Float64Array


@dataclass(frozen=True)
class Term:
    """The part of the gradient whose path ends at step t."""

    t: int
    reached: Float64Array  # dL/dh_t along the path (hidden,)
    W: Float64Array
    U: Float64Array
    b: Float64Array


def slope(states: Float64Array, sigma: Literal["tanh", "sigmoid"]) -> Float64Array:
    """Return sigma' at every state from the state itself."""
    found: Float64Array = 1 - states**2 if sigma == "tanh" else states * (1 - states)
    return found


def terms(
    states: Float64Array, x: Float64Array, W: Float64Array, last: Float64Array, sigma: Literal["tanh", "sigmoid"]
) -> list[Term]:
    """Follow the path back from the last of the states h_1 … h_T (T, hidden): the nearest term first."""
    before = np.concatenate([np.zeros_like(states[:1]), states[:-1]])
    slopes, reached, found = slope(states, sigma), last, []
    for t in reversed(range(len(states))):
        inside = reached * slopes[t]  # dL/d(W h_{t-1} + U x_t + b)
        found.append(Term(t + 1, reached, np.outer(inside, before[t]), np.outer(inside, x[t]), inside))
        reached = inside @ W
    return found
