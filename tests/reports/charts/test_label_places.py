"""Places of names, looked at pair by pair."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.reports.charts.label_places import AWAY, TALL, Box, label_places

WIDTH = 600.0
MARKS = st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, 1)), min_size=1, max_size=30)


@settings(max_examples=60)
@given(MARKS, st.data())
def test_no_name_is_on_another_or_outside(marks: list[tuple[float, float]], data: st.DataObject) -> None:
    area = Box(0, 0, WIDTH, 2 * TALL * len(marks))
    placed = [(x, share * area.bottom) for x, share in marks]
    widths = data.draw(st.lists(st.floats(5, WIDTH), min_size=len(marks), max_size=len(marks)))
    avoided = [Box(x - 5, y - 5, x + 5, y + 5) for x, y in placed]
    boxes = label_places(placed, widths, avoided, area)
    for width, box in zip(widths, boxes, strict=True):
        assert abs(box.right - box.left - width) < 1e-6
    assert all(area.holds(box) for box in boxes)
    assert not [pair for pair in itertools.combinations(boxes, 2) if pair[0].shared(pair[1])]


def test_alone_a_name_stands_to_the_right_of_its_mark_and_at_the_edge_to_the_left() -> None:
    area = Box(0, 0, 200, 100)
    mark = [Box(45, 45, 55, 55)]
    assert label_places([(50, 50)], [60], mark, area) == [Box(50 + AWAY, 50 - TALL / 2, 110 + AWAY, 50 + TALL / 2)]
    assert label_places([(180, 50)], [60], mark, area)[0].right == 180 - AWAY


def test_names_keep_off_lines_and_marks_where_there_is_room() -> None:
    line = Box(0, 48, 400, 52)
    (box,) = label_places([(100, 50)], [60], [line], Box(0, 0, 400, 100))
    assert not box.shared(line)


def test_where_all_places_lie_on_something_a_name_lies_on_the_least() -> None:
    whiskers = [Box(x, 0, x + 2, 100) for x in range(0, 400, 40)]
    line = Box(0, 48, 400, 52)
    (box,) = label_places([(100, 50)], [60], [*whiskers, line], Box(0, 0, 400, 100))
    assert not box.shared(line)
