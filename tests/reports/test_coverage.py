"""Random curves of precision → a picture on which everything lies inside, findings and a table that say its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.evaluation.coverage import Coverage, covered, curve
from unrolled.evaluation.evaluation import Promised
from unrolled.reports.coverage import BOTTOM, EDGE, LEFT, TOP, coverage_figure

ROWS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def promised(target: float, threshold: float | None) -> Promised:
    return Promised(target, 1.3, threshold, 0.1)


@settings(max_examples=40)
@given(ROWS, st.floats(0.01, 0.99), st.none() | st.floats(0, 1))
def test_nothing_lies_outside_and_no_text_on_another(
    look: Any, rows: list[tuple[float, bool]], target: float, threshold: float | None
) -> None:
    confidences, right = (np.array(column) for column in zip(*rows, strict=True))
    own = None if threshold is None else covered(confidences, right, threshold)
    drawn = coverage_figure(curve(confidences, right), promised(target, threshold), own)
    _, shapes = look(drawn.drawing)
    for shape in shapes:
        assert shape.left >= LEFT - 6
        assert shape.right <= EDGE + 6
        assert shape.top >= TOP - 6
        assert shape.bottom <= BOTTOM + 6
    marks = [shape for shape in shapes if shape.what == "fill1"]
    assert len(marks) == (own is not None and own.rows > 0)


def test_the_mark_and_the_promise_stand_where_their_numbers_are(look: Any) -> None:
    chance = np.random.default_rng(0)
    confidences = chance.random(400)
    right = chance.random(400) < 0.5 + confidences / 2
    own = covered(confidences, right, 0.9)
    assert own.accuracy is not None
    figure = coverage_figure(curve(confidences, right), promised(0.95, 0.9), own)
    _, shapes = look(figure.drawing)
    (mark,) = [shape for shape in shapes if shape.what == "fill1"]
    (level,) = [shape for shape in shapes if shape.what == "line line1 dashed"]
    (line,) = [shape for shape in shapes if shape.what == "line line0"]
    assert (mark.left + mark.right) / 2 == pytest.approx(LEFT + own.coverage * (EDGE - LEFT), abs=0.2)
    above = (BOTTOM - (mark.top + mark.bottom) / 2) / (BOTTOM - level.top)
    rules = sorted({shape.top for shape in shapes if shape.what == "rule"})
    tenth = (rules[-1] - rules[0]) / (len(rules) - 1)
    floor = 1 - (rules[-1] - rules[0]) / tenth / 10
    assert above == pytest.approx((own.accuracy.value - floor) / (0.95 - floor), abs=0.01)
    assert line.right == EDGE


def test_the_findings_and_the_table_say_the_numbers() -> None:
    confidences, right = np.array([0.95, 0.9, 0.85, 0.8, 0.4]), np.array([True, True, True, True, False])
    points, own = curve(confidences, right), covered(confidences, right, 0.85)
    figure = coverage_figure(points, promised(0.9, 0.85), own)
    assert figure.findings == [
        "Of all 5 texts, 80.0 % [37.6, 96.4] are answered right.",
        "The model's threshold answers 60.0 %, those with a probability of 0.85 or more; "
        "of these 100.0 % [43.9, 100.0] are right.",
        "Promised were 90 %: kept on these texts.",
    ]
    rows = {row[0]: list(row[1:]) for row in figure.table.rows}
    assert rows["0.85 (the model's own)"] == ["3", "60.0 %", "100.0 %", "[43.9, 100.0]"]
    assert rows["0.4"] == ["5", "100.0 %", "80.0 %", "[37.6, 96.4]"]
    assert [int(row[1]) for row in figure.table.rows] == sorted(int(row[1]) for row in figure.table.rows)


@pytest.mark.parametrize(
    ("right", "rows", "said"),
    [(18, 20, "missed on these texts, which may be chance."), (70, 100, "missed on these texts by more than chance.")],
)
def test_a_promise_that_is_missed_is_told(right: int, rows: int, said: str) -> None:
    was_right = np.arange(rows) < right
    own = covered(np.full(rows, 0.9), was_right, 0.85)
    figure = coverage_figure([own], promised(0.95, 0.85), own)
    assert figure.findings[-1] == f"Promised were 95 %: {said}"


def test_no_threshold_no_answer_and_no_promise_are_told_apart(look: Any) -> None:
    points = curve(np.array([0.9, 0.8]), np.array([True, False]))
    assert "answers nothing unless it is told to" in coverage_figure(points, promised(0.95, None)).findings[-1]
    nothing = Coverage(0.99, 0, 0.0, None)
    figure = coverage_figure(points, promised(0.95, 0.99), nothing)
    assert "none of these texts is answered" in figure.findings[-1]
    assert list(figure.table.rows[0]) == ["0.99 (the model's own)", "0", "0.0 %", "–", "–"]
    assert len(coverage_figure(points).findings) == 1
    look(coverage_figure([nothing]).drawing)
