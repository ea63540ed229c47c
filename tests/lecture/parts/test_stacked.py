"""Two stacked layers, against the equation in NumPy, layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import RNN_GATES, SECOND_LAYER


def test_layer_2_reads_the_states_of_layer_1(
    told: Callable[[str], list[str]],
    values: Callable[[str], dict[str, list[float]]],
    rows: Callable[[str, str], list[list[float]]],
    x: dict[str, Any],
) -> None:
    first, second = RNN_GATES["h"], SECOND_LAYER["h"]
    below, above, found = np.zeros(2), np.zeros(2), values("stacked")
    for t, word in enumerate(("Alice", "treats", "Bob", "well"), start=1):
        below = np.tanh(first.W @ below + first.U @ x[word] + first.b)
        above = np.tanh(second.W @ above + second.U @ below + second.b)
        assert rows("stacked", f"{t}  {word}") == [pytest.approx(below, abs=1e-4)]
        assert [found[f"h(2)_{t}[{unit}]"][0] for unit in (1, 2)] == pytest.approx(above, abs=1e-4)
    assert any(line.endswith(f"[{above[0]:.4f}, {above[1]:.4f}]") for line in told("stacked"))
