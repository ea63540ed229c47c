"""Bars on one logarithmic scale, looked at for where everything lies and how high it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.reports.charts.bar_grid import Bars, Row, bar_grid

TICKS = [(0, "0"), (1, "1")]
NUMBERS = st.floats(1e-200, 1e10) | st.just(0.0)


@settings(max_examples=25)
@given(st.lists(st.lists(NUMBERS, min_size=2, max_size=60), min_size=1, max_size=4), st.integers(1, 3))
def test_nothing_lies_outside(look: Any, rows: list[list[float]], charts: int) -> None:
    made = [
        Row(f"net {n}", [Bars(f"dL/d{c}", values, [(0, "0")]) for c in range(charts)], n)
        for n, values in enumerate(rows)
    ]
    zeros = sum(value == 0 for values in rows for value in values) * charts
    bars = sum(len(values) for values in rows) * charts - zeros
    if zeros <= 1:
        _, shapes = look(bar_grid("terms", "k", made))
        assert len([shape for shape in shapes if shape.what.startswith("fill")]) == bars


def test_a_bar_is_as_high_as_its_logarithm_on_one_scale_for_all_rows(look: Any) -> None:
    rows = [Row("a", [Bars("W", [1.0, 1e-2], TICKS)]), Row("b", [Bars("W", [1e-1, 1e-4], TICKS)], 1)]
    _, shapes = look(bar_grid("terms", "k", rows))
    heights = [shape.bottom - shape.top for shape in shapes if shape.what.startswith("fill")]
    assert heights == pytest.approx([84, 42, 63, 1])


@pytest.mark.parametrize("steps", [3, 60])
def test_an_exact_0_is_written_as_0_and_never_on_a_bar(look: Any, steps: int) -> None:
    values = [0.5**k for k in range(steps - 1)] + [0.0]
    texts, shapes = look(bar_grid("terms", "k", [Row("rnn", [Bars("dL/dW", values, [])])]))
    (zero,) = [text for text in texts if text.what == "0"]
    bars = [shape for shape in shapes if shape.what == "fill0"]
    assert len(bars) == steps - 1
    assert not [bar for bar in bars if zero.left + 1 < bar.right]


def test_layers_with_words_under_them_are_readable(look: Any) -> None:
    names = [(n, name) for n, name in enumerate(["words", "layer 1", "layer 2", "layer 3", "classifier"])]
    chart = Bars("|dL/dh|", [1e-3, 1e-2, 1e-1, 1.0, 0.5], names)
    look(bar_grid("layers", "", [Row("cnn:num_layers=3", [chart, Bars("|dL/dW|", chart.values[1:], names[:4])])]))
