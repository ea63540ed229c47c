"""Curves on two logarithmic scales, looked at for where everything lies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.reports.curves import Curve, curves

numbers = st.floats(1e-3, 1e5)


@settings(max_examples=25)
@given(st.lists(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6), min_size=1, max_size=20))
def test_nothing_lies_outside_and_no_text_on_another(look: Any, drawn: list[list[tuple[float, float]]]) -> None:
    lines = [Curve(f"encoder {n}, training", sorted(points), n, n % 2 == 1) for n, points in enumerate(drawn)]
    texts, shapes = look(curves("What a word costs, µs", "words of a text", lines))
    assert len([text for text in texts if text.what.startswith("encoder")]) == len(lines)
    assert len([shape for shape in shapes if shape.what.startswith("fill")]) == sum(map(len, drawn))


def test_ten_times_is_as_far_anywhere(look: Any) -> None:
    _, shapes = look(curves("", "", [Curve("a", [(1, 1), (10, 10), (100, 100)])]))
    marks = [shape for shape in shapes if shape.what == "fill0"]
    assert marks[1].left - marks[0].left == pytest.approx(marks[2].left - marks[1].left, abs=0.2)
    assert marks[0].top - marks[1].top == pytest.approx(marks[1].top - marks[2].top, abs=0.2)


def test_what_costs_the_same_is_flat(look: Any) -> None:
    _, shapes = look(curves("", "", [Curve("a", [(10, 5), (10_000, 5)])]))
    (line,) = [shape for shape in shapes if shape.what == "line line0" and shape.right == 560]
    assert line.top == line.bottom
