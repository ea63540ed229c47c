"""Marks, told apart without their colours."""

from __future__ import annotations

import itertools
import re

from unrolled.reports.charts.marks import SHAPES, Mark, mark, reach


def test_marks_differ_in_shape_and_filling_not_in_colour_alone() -> None:
    drawn = [mark(10, 10, Mark(shape, 0, hollow)) for shape, hollow in itertools.product(SHAPES, (False, True))]
    assert len(set(drawn)) == 2 * len(SHAPES)


def test_a_mark_lies_around_its_place_and_within_its_reach() -> None:
    for shape in SHAPES:
        drawn = mark(50, 50, Mark(shape))
        numbers = [float(n) for n in re.findall(r"\d+\.\d", drawn)]
        if shape != "circle":
            assert all(50 - reach() - 0.1 <= n <= 50 + reach() + 0.1 for n in numbers)
            assert abs(sum(numbers) / len(numbers) - 50) < 0.6
