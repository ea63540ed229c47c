"""Rows with intervals, looked at for where everything lies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.evaluation.bootstrap import Interval
from unrolled.reports.charts.clipped import ARROW
from unrolled.reports.charts.intervals import CAP, EDGE, LEFT, Row, intervals
from unrolled.reports.charts.marks import SHAPES, Mark

BOUNDS = st.tuples(*[st.floats(0, 100).map(lambda x: round(x, 3))] * 3).map(sorted)


@settings(max_examples=30)
@given(st.lists(BOUNDS, min_size=1, max_size=20), st.text(max_size=60), st.sampled_from([*SHAPES]), st.booleans())
def test_nothing_lies_outside_and_no_text_on_another(
    look: Any, rows: list[list[float]], name: str, shape: str, hollow: bool
) -> None:
    drawn = [
        Row(f"{name} {n}", Interval(middle, low, high), "−22.2 [−23.4, −21.0]", Mark(shape, 1, hollow, "unfinished"))
        for n, (low, middle, high) in enumerate(rows)
    ]
    _, shapes = look(intervals("How many are right", "accuracy, %", drawn, [50.0], [-1.0]))
    assert len([one for one in shapes if "edge" in one.what]) == len(rows)


def test_a_mark_stands_at_its_number_between_the_ends_of_its_interval(look: Any) -> None:
    row = Row("cnn", Interval(81.0, 79.0, 85.0), "", Mark("square", 2))
    _, shapes = look(intervals("", "", [row, Row("rnn", Interval(70.0, 69.0, 71.0), "")]))
    (mark,) = [shape for shape in shapes if shape.what == "fill2 edge line2"]
    whisker = max((shape for shape in shapes if shape.what == "line line2"), key=lambda shape: shape.right - shape.left)
    middle = (mark.left + mark.right) / 2
    assert (middle - whisker.left) / (whisker.right - whisker.left) == pytest.approx(2 / 6, abs=0.01)


def test_what_is_hollow_is_dashed_too(look: Any) -> None:
    _, shapes = look(intervals("", "", [Row("lstm", Interval(1, 0, 2), "", Mark(hollow=True))]))
    kinds = {shape.what for shape in shapes}
    assert {"paper edge line0", "line line0 dashed"} <= kinds
    assert "fill0 edge line0" not in kinds


def test_what_lies_below_the_floor_is_a_triangle_at_the_edge_and_leaves_room_to_the_others(look: Any) -> None:
    rows = [Row("near", Interval(-1.0, -2.0, 0.0), ""), Row("far", Interval(-50.0, -51.0, -49.0), "−50.0")]
    texts, shapes = look(intervals("", "", rows, [0.0], floor=-10.0))
    near, far = (shape for shape in shapes if "edge" in shape.what)
    assert far.left < near.left
    assert "−50.0" in {text.what for text in texts}
    (whisker,) = [shape for shape in shapes if shape.what == "line line0" and shape.top == shape.bottom]
    assert whisker.right - whisker.left > 40


def test_an_interval_of_what_is_hollow_makes_no_room_and_ends_in_arrows(look: Any) -> None:
    rows = [Row("cnn", Interval(81.0, 79.0, 83.0), ""), Row("rnn", Interval(72.0, 32.0, 100.0), "", Mark(hollow=True))]
    texts, shapes = look(intervals("", "", rows))
    assert "32" not in {text.what for text in texts}
    assert ARROW in {text.what for text in texts}
    whole = next(shape for shape in shapes if shape.what == "line line0" and shape.top == shape.bottom)
    assert whole.right - whole.left > 60
    arrows = [shape for shape in shapes if shape.what == "line line0" and 0 < shape.right - shape.left == CAP]
    assert sorted((arrow.left, arrow.right) for arrow in arrows) == [(LEFT, LEFT + CAP), (EDGE - CAP, EDGE)]


def test_without_anything_finished_the_scale_holds_all(look: Any) -> None:
    texts, _ = look(intervals("", "", [Row("rnn", Interval(72.0, 32.0, 100.0), "", Mark(hollow=True))]))
    assert {"20", "100"} <= {text.what for text in texts}
    assert ARROW not in {text.what for text in texts}
