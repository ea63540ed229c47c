"""The convolution, against the slide's first products and loops over windows, taps and dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import FILTERS


def slide(W: Any, x: Any) -> Any:
    d, k = W.shape
    return np.array([sum(W[m, j] * x[i + j][m] for j in range(k) for m in range(d)) for i in range(len(x) - k + 1)])


def highest(W: Any, x: Any) -> float:
    return float(max(np.maximum(slide(W, x) + 0.1, 0)))


def test_the_first_products_are_the_slide_s(told: Callable[[str], list[str]]) -> None:
    text = "\n".join(told("cnn"))
    assert "v_1 = W[1,1]*0.7 + W[1,2]*2.7\n" in text
    assert "+ W[2,1]*8.6 + W[2,2]*(-3.9) + W[2,3]*6.7 + W[2,4]*(-9.8)\n" in text


def test_sizes_2_3_and_4_have_3_2_and_1_windows(told: Callable[[str], list[str]]) -> None:
    titles = [line for line in told("cnn") if line.startswith("Filter size")]
    assert [line.split(". ")[0] for line in titles] == [
        "Filter size 2: T-k+1 = 4-2+1 = 3 windows",
        "Filter size 3: T-k+1 = 4-3+1 = 2 windows",
        "Filter size 4: T-k+1 = 4-4+1 = 1 window",
    ]


def test_every_window_and_the_maximum_over_time(
    values: Callable[[str], dict[str, list[float]]], x: dict[str, Any]
) -> None:
    text = [x[word] for word in ("Alice", "treats", "Bob", "well")]
    found = values("cnn")
    v = [slide(FILTERS[size][0], text) for size in (2, 3, 4)]
    for i in range(3):
        expected = [windows[i] for windows in v if i < len(windows)]
        assert found[f"v_{i + 1}"][: len(expected)] == pytest.approx(expected, abs=1e-4)
    assert found["h"] == pytest.approx([highest(FILTERS[size][0], text) for size in (2, 3, 4)], abs=1e-4)


def test_several_filters_of_one_size(rows: Callable[[str, str], list[list[float]]], x: dict[str, Any]) -> None:
    text = [x[word] for word in ("Alice", "treats", "Bob", "well")]
    table = [row for row in rows("cnn", "filter") if len(row) == 4]  # its number, two windows, the maximum
    for row, W in zip(table, FILTERS[3], strict=True):
        assert row[1:] == pytest.approx([*slide(W, text), highest(W, text)], abs=1e-4)


def test_two_layers_have_5_and_3_windows_and_see_5_words(
    told: Callable[[str], list[str]],
    values: Callable[[str], dict[str, list[float]]],
    rows: Callable[[str, str], list[list[float]]],
    x: dict[str, Any],
) -> None:
    lines = told("cnn")
    assert any("7 words, 5 windows" in line for line in lines)
    assert any("5 windows, 3 windows" in line for line in lines)
    assert "  receptive field 1 + 2*(3 - 1) = 5 words" in lines
    text = [x[word] for word in ["Alice", "treats", "Bob", "well", "so", "Bob", "thinks"]]
    outputs = np.maximum([slide(W, text) + 0.1 for W in FILTERS[3]], 0)
    table = [row[1:] for row in rows("cnn", "filter") if len(row) == 6]
    assert np.array(table) == pytest.approx(outputs, abs=1e-4)
    above = slide(FILTERS[3][0], outputs.T)
    assert [values("cnn")[f"v_{i + 1}"][-1] for i in range(3)] == pytest.approx(above, abs=1e-4)
    (last,) = [line for line in lines if "of its 4 filters" in line]
    found = [float(number) for number in last.split("[")[1].rstrip("]").split(", ")]
    assert found == pytest.approx([highest(W, outputs.T) for W in FILTERS[3]], abs=1e-4)
