"""The concatenation, against the slide's sixteen numbers and one unit in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from unrolled.lecture.weights import CONCATENATE_LAYER

SIXTEEN = [0.7, 8.6, -2.4, 2.3, 2.7, -3.9, -5.6, 1.1, -0.1, 6.7, 1.5, 2.0, -5.7, -9.8, -1.6, -1.0]


def block(lines: list[str], title: str) -> list[float]:
    """Read the numbers in the four lines below a title."""
    (start,) = [place for place, line in enumerate(lines) if title in line]
    return [float(cell) for line in lines[start + 1 : start + 5] for cell in line.split()[1:]]


def test_sixteen_numbers_word_by_word(told: Callable[[str], list[str]]) -> None:
    lines = told("concatenate")
    assert block(lines, "sixteen numbers") == SIXTEEN
    assert block(lines, "In another order") == [*SIXTEEN[8:12], *SIXTEEN[4:8], *SIXTEEN[:4], *SIXTEEN[12:]]
    assert block(lines, "filled up with zeros") == [*SIXTEEN[:12], 0, 0, 0, 0]
    assert block(lines, "reads no more than") == SIXTEEN
    assert "  and does not see: so Bob thinks" in lines


def test_the_unit_on_top(values: Callable[[str], dict[str, list[float]]]) -> None:
    W, found = CONCATENATE_LAYER["0.W"][:, 0], values("concatenate")
    x = np.array(SIXTEEN)
    for t, (start, end) in enumerate(pairwise(range(0, 17, 4)), start=1):
        assert found[f"W x_{t}"] == [pytest.approx(W[start:end] @ x[start:end], abs=1e-4)]
    assert found["h[1]"] == [pytest.approx(max(W @ x + 0.1, 0), abs=1e-4)]
