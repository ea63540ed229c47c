"""The average, against the slide's fifth column and one layer in NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from unrolled.lecture.weights import AVERAGE_LAYER

COLUMN = [-0.6, 0.4, -2.025, 1.1]


def test_the_fifth_column(
    values: Callable[[str], dict[str, list[float]]], rows: Callable[[str, str], list[list[float]]]
) -> None:
    found = values("average")
    assert [found[f"a[{m}]"][0] for m in (1, 2, 3, 4)] == COLUMN
    assert [row[-1] for row in rows("average", "dimension")] == COLUMN


def test_what_the_slide_prints_is_told_and_only_where_it_differs(told: Callable[[str], list[str]]) -> None:
    (line,) = [line for line in told("average") if "The slide prints" in line]
    assert "prints -1.6 in dimension 3" in line
    assert "the mean is -2.025" in line


def test_the_layer(values: Callable[[str], dict[str, list[float]]]) -> None:
    h = np.maximum(np.array(COLUMN) @ AVERAGE_LAYER["0.W"] + AVERAGE_LAYER["0.b"], 0)
    found = values("average")
    assert [found["h[1]"][0], found["h[2]"][0]] == pytest.approx(h, abs=1e-4)


def test_two_orders_have_one_average(told: Callable[[str], list[str]]) -> None:
    averages = [line.split("a = ")[1] for line in told("average") if " well " in line and "a = " in line]
    assert averages == ["[-0.6, 0.4, -2.025, 1.1]"] * 2
