"""Small charts side by side, looked at for where everything lies."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.formatting.quantities import count
from unrolled.reports.charts.dot_grid import Column, dot_grid
from unrolled.reports.charts.marks import PLAIN

VALUES = st.lists(st.none() | st.floats(0, 1e11), min_size=1, max_size=20)


@settings(max_examples=40)
@given(VALUES, st.integers(1, 5))
def test_nothing_lies_outside_and_only_what_was_measured_has_a_dot(
    look: Any, values: list[float | None], columns: int
) -> None:
    column = Column("parameters", "fewer is better", values, [*map(count, values)])
    names = [f"encoder --with-options {n}" for n in range(len(values))]
    _, shapes = look(dot_grid("What each needs", names, [PLAIN] * len(values), [column] * columns))
    dots = [shape for shape in shapes if "edge" in shape.what]
    assert len(dots) == columns * sum(value is not None for value in values)


def dots(look: Any, values: list[float | None]) -> list[float]:
    drawing = dot_grid("", [""] * len(values), [PLAIN] * len(values), [Column("", "", values, [""] * len(values))])
    return [(shape.left + shape.right) / 2 for shape in look(drawing)[1] if "edge" in shape.what]


def test_numbers_near_each_other_stand_on_an_even_scale_from_0(look: Any) -> None:
    zero, half, whole = dots(look, [0.0, 5.0, 10.0])
    assert half - zero == pytest.approx(whole - half, abs=0.2)


def test_numbers_far_apart_stand_on_a_logarithmic_scale(look: Any) -> None:
    one, ten, hundred = dots(look, [1.0, 10.0, 100.0])
    assert ten - one == pytest.approx(hundred - ten, abs=0.2)
    assert Column("", "", [1.0, 100.0], []).logarithmic
    assert not Column("", "", [1.0, 19.0, None], []).logarithmic


def test_a_dot_never_touches_its_number(look: Any) -> None:
    values = [10.0**n for n in range(12)]
    column = Column("parameters", "", values, [*map(count, values)])
    texts, shapes = look(dot_grid("", ["x"] * 12, [PLAIN] * 12, [column] * 5))
    marks = [shape for shape in shapes if "edge" in shape.what]
    assert not [text for text in texts for mark in marks if text.meets(mark)]
    assert math.isfinite(sum(mark.left for mark in marks))
