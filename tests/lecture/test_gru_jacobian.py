"""The formula of the GRU's Jacobian, against central differences of the lecture's equations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.lecture.gru_jacobian import jacobian
from unrolled.lecture.weights import GRU_GATES


def step(h: Any, x: Any) -> dict[str, Any]:
    def inside(mark: str, past: Any) -> Any:
        gate = GRU_GATES[mark]
        return gate.W @ past + gate.U @ x + gate.b

    r, z = (1 / (1 + np.exp(-inside(mark, h))) for mark in "rz")
    new = np.tanh(inside("h", r * h))
    return {"r": r, "z": z, "h~": new, "h": (1 - z) * h + z * new}


@each("seed", range(5))
def test_the_summands_add_up_to_the_differences(seed: int) -> None:
    random = np.random.default_rng(seed)
    h, x = random.normal(size=2), random.normal(size=4)
    moved = [(step(h + e, x)["h"] - step(h - e, x)["h"]) / 2e-6 for e in np.eye(2) * 1e-6]
    assert sum(jacobian(h, step(h, x))) == pytest.approx(np.array(moved).T, abs=1e-8)
