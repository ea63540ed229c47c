"""A GRU's state before a step and what the step computed → dh_t/dh_{t-1} (hidden, hidden), in the formula's summands.

dh_t/dh_{t-1} = diag(1-z) + diag((h~ - h_{t-1}) z(1-z)) W(z) + diag(z (1-h~^2)) W [diag(r) + diag(h_{t-1} r(1-r)) W(r)]
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.weights import GRU_GATES


def jacobian(past: Float64Array, step: Mapping[str, Float64Array]) -> list[Float64Array]:
    """Compute the three summands for the example's weights."""
    r, z, new = step["r"], step["z"], step["h~"]
    W = {mark: gate.W for mark, gate in GRU_GATES.items()}
    reset = np.diag(r) + np.diag(past * r * (1 - r)) @ W["r"]
    return [
        np.diag(1 - z),
        np.diag((new - past) * z * (1 - z)) @ W["z"],
        np.diag(z * (1 - new**2)) @ W["h"] @ reset,
    ]
