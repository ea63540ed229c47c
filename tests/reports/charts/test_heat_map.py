"""Matrices of counts, looked at for where everything lies and what is written where."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.reports.charts.heat_map import DARKEST, LEFT, MOST, heat_map


@settings(max_examples=25)
@given(st.integers(2, MOST), st.integers(0, 10**7), st.text(max_size=50))
def test_nothing_lies_outside_and_no_text_on_another(look: Any, classes: int, largest: int, name: str) -> None:
    counts = [[largest // (1 + row + column) for column in range(classes)] for row in range(classes)]
    look(heat_map("Who is taken for whom", [f"{name} {n}" for n in range(classes)], counts))


def test_every_count_stands_in_the_cell_of_its_label_and_0_is_left_out(look: Any) -> None:
    texts, _ = look(heat_map("", ["no", "yes"], [[90, 10], [0, 1234]]))
    at = {text.what: ((text.left + text.right) / 2, text.bottom) for text in texts}
    assert "0" not in at
    assert at["90"][0] < at["10"][0] == pytest.approx(at["1,234"][0], abs=0.2)
    assert at["90"][1] == at["10"][1] < at["1,234"][1]
    assert at["90"][0] > LEFT


def test_shades_are_shares_and_the_commonest_mistake_is_the_darkest() -> None:
    drawn = heat_map("", ["a", "b"], [[80, 20], [5, 95]]).body
    right = [float(shade) for shade in re.findall(r'fill0" opacity="([\d.]+)"', drawn)]
    wrong = [float(shade) for shade in re.findall(r'fill1" opacity="([\d.]+)"', drawn)]
    assert right == pytest.approx([0.8 * DARKEST, 0.95 * DARKEST], abs=1e-3)
    assert wrong == pytest.approx([DARKEST, 0.25 * DARKEST], abs=1e-3)


def test_a_label_without_texts_is_drawn(look: Any) -> None:
    look(heat_map("", ["a", "b"], [[0, 0], [0, 0]]))
