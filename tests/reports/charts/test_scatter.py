"""Gain against cost, looked at for where everything lies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.evaluation.bootstrap import Interval
from unrolled.reports.charts.clipped import ARROW, HALF
from unrolled.reports.charts.marks import Mark
from unrolled.reports.charts.scatter import Point, front, scatter

PLACES = st.lists(st.tuples(st.floats(1e-3, 1e3), st.floats(20, 80)), min_size=1, max_size=30)
NAMES = ["cnn", "lstm --bidirectional", "cnn --widths 3,4,5,6 --feature-maps 300", "\u6df1\u5c64\u5b66\u7fd2"]


@settings(max_examples=30)
@given(PLACES)
def test_nothing_lies_outside_and_no_name_on_another(look: Any, places: list[tuple[float, float]]) -> None:
    points = [
        Point(NAMES[n % 4], cost, Interval(gain, gain - 3, gain + 2), Mark(hollow=n % 5 == 4), n % 5 != 4)
        for n, (cost, gain) in enumerate(places)
    ]
    texts, shapes = look(scatter("Accuracy and speed", "ms", "accuracy, %", points))
    assert len([one for one in shapes if "edge" in one.what]) == len(points)
    assert sum(text.what == "cnn" for text in texts) == (len(points) + 3) // 4


def test_the_front_is_of_what_counts_from_the_cheapest_to_the_dearest() -> None:
    gains = {"slow": (9.0, 80.0), "beaten": (9.5, 79.0), "fast": (1.0, 60.0), "unfinished": (0.1, 99.0)}
    points = [
        Point(name, cost, Interval(gain, gain, gain), counts=name != "unfinished")
        for name, (cost, gain) in gains.items()
    ]
    assert [point.name for point in front(points)] == ["fast", "slow"]


def test_the_step_line_goes_through_the_front_and_on_to_the_edge(look: Any) -> None:
    points = [Point("a", 1.0, Interval(60, 50, 70)), Point("b", 10.0, Interval(80, 70, 90))]
    _, shapes = look(scatter("", "", "", points))
    (line,) = [shape for shape in shapes if shape.what == "line line2 dashed"]
    first, last = (shape for shape in shapes if "edge" in shape.what)
    assert line.left == pytest.approx((first.left + first.right) / 2, abs=0.1)
    assert line.bottom == pytest.approx((first.top + first.bottom) / 2, abs=0.1)
    assert line.top == pytest.approx((last.top + last.bottom) / 2, abs=0.1)
    assert line.right >= (last.left + last.right) / 2


def test_without_any_that_counts_there_is_no_line(look: Any) -> None:
    _, shapes = look(scatter("", "", "", [Point("a", 1.0, Interval(60, 50, 70), counts=False)]))
    assert not [shape for shape in shapes if shape.what == "line line2 dashed"]


def test_the_interval_of_what_is_not_finished_makes_no_room_and_ends_in_arrows(look: Any) -> None:
    points = [
        Point("cnn", 1.0, Interval(81.0, 79.0, 83.0)),
        Point("rnn", 2.0, Interval(72.0, 32.0, 100.0), Mark(hollow=True), counts=False),
    ]
    texts, shapes = look(scatter("", "ms", "%", points))
    assert f"ms; {ARROW}" in {text.what for text in texts}
    assert "40" not in {text.what for text in texts}
    arrows = [one for one in shapes if one.what == "line thin line0" and one.right - one.left == 2 * HALF]
    assert len(arrows) == 2
