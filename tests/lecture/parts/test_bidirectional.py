"""Two directions, against the equation in NumPy, from the left and from the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import FROM_THE_RIGHT, RNN_GATES, Gate

WORDS = ("Alice", "treats", "Bob", "well")


def states(gate: Gate, vectors: list[Any]) -> list[Any]:
    h, found = np.zeros(2), []
    for x_t in vectors:
        h = np.tanh(gate.W @ h + gate.U @ x_t + gate.b)
        found.append(h)
    return found


def test_both_directions_are_joined_at_every_word_and_at_their_ends(
    told: Callable[[str], list[str]],
    values: Callable[[str], dict[str, list[float]]],
    rows: Callable[[str, str], list[list[float]]],
    x: dict[str, Any],
) -> None:
    vectors = [x[word] for word in WORDS]
    right, left = states(RNN_GATES["h"], vectors), states(FROM_THE_RIGHT["h"], vectors[::-1])[::-1]
    found = values("bidirectional")
    for t, word in enumerate(WORDS, start=1):
        assert [found[f"h<_{t}[{unit}]"][0] for unit in (1, 2)] == pytest.approx(left[t - 1], abs=1e-4)
        joined = np.concatenate([right[t - 1], left[t - 1]])
        assert rows("bidirectional", f"{t}  {word}")[-1] == pytest.approx(joined, abs=1e-4)
    ends = ", ".join(f"{number:.4f}" for number in (*right[3], *left[0]))
    assert f"  [h>_4; h<_1] = [{ends}]" in told("bidirectional")
