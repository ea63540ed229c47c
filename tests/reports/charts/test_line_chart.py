"""Lines with bands, looked at for where everything lies."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.reports.charts.line_chart import Line, line_chart

NAMES = ["rnn: 1.4", "lstm, C: 4.2", "gru:num_layers=2:bidirectional=true, layer 1, backward: 24.1"]


def line(name: str, half_life: float, steps: int = 60, colour: int = 0, dashed: bool = False) -> Line:
    values = [0.5 ** (k / half_life) for k in range(steps)]
    return Line(name, values, [value / 3 for value in values], [3 * value for value in values], colour, dashed)


@settings(max_examples=25)
@given(st.lists(st.floats(0.05, 50), min_size=1, max_size=24), st.integers(2, 1000))
def test_nothing_lies_outside_and_no_text_on_another(look: Any, half_lives: list[float], steps: int) -> None:
    lines = [line(NAMES[n % 3], half_life, steps, n, n % 2 == 1) for n, half_life in enumerate(half_lives)]
    texts, _ = look(line_chart("What is left", "words back", lines))
    assert len([text for text in texts if text.what.startswith(("rnn", "lstm", "gru"))]) == len(lines)


def test_a_line_falls_as_its_numbers_do(look: Any) -> None:
    _, shapes = look(line_chart("", "k", [line("a", 2.0, 20), line("b", 4.0, 20, 1)]))
    (steep,), (flat,) = ([s for s in shapes if s.what == f"line line{n}" and s.left == 60] for n in (0, 1))
    assert (steep.bottom - steep.top) / (flat.bottom - flat.top) == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize("half_life", [0.02, -0.05])
def test_a_line_beyond_the_scale_is_cut_off_at_its_edge(look: Any, half_life: float) -> None:
    _, shapes = look(line_chart("", "k", [line("a", half_life, 12)]))
    (drawn,) = [shape for shape in shapes if shape.what == "line line0" and shape.right <= 500 and shape.top < 300]
    assert drawn.right - drawn.left < 440


def test_zeros_and_a_single_line_are_drawn(look: Any) -> None:
    look(line_chart("", "k", [Line("dead", [1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0])]))
    look(line_chart("", "k", [Line("one step", [1.0], [1.0], [1.0])]))
    assert math.isfinite(line_chart("", "k", [Line("dead", [0.0, 0.0], [0.0] * 2, [0.0] * 2)]).height)


def test_a_long_name_keeps_its_beginning_and_its_end(look: Any) -> None:
    texts, _ = look(line_chart("", "k", [line(NAMES[2], 3)]))
    (name,) = [text.what for text in texts if text.what.startswith("gru")]
    assert "…" in name
    assert name.endswith("layer 1, backward: 24.1"[-20:])
