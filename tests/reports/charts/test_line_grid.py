"""Panels of lines, looked at for where everything lies."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.reports.charts.line_grid import Panel, Series, line_grid
from unrolled.reports.charts.linear_scale import linear_scale_of
from unrolled.reports.charts.log_scale import scale_of
from unrolled.reports.charts.marks import Mark

LINES = st.lists(st.tuples(st.floats(0.01, 1e4), st.floats(0, 100)), min_size=1, max_size=8).map(sorted)
PANELS = st.lists(st.lists(LINES, min_size=1, max_size=3), min_size=1, max_size=16)


@settings(max_examples=25)
@given(PANELS, st.booleans())
def test_nothing_lies_outside_and_no_text_on_another(look: Any, panels: Any, logarithmic: bool) -> None:
    drawn = [
        Panel(f"encoder {n} --with-a-long-option 3", [Series(line, mark=Mark(hollow=True)) for line in lines])
        for n, lines in enumerate(panels)
    ]
    chosen = partial(scale_of, plain=True) if logarithmic else linear_scale_of
    _, shapes = look(line_grid("Learning", "seconds", drawn, chosen))
    assert len([one for one in shapes if "edge" in one.what]) == sum(map(len, panels))


def test_panels_share_their_scales(look: Any) -> None:
    low, high = Series([(0, 10), (1, 20)]), Series([(0, 20), (5, 100)])
    _, shapes = look(line_grid("", "", [Panel("a", [low]), Panel("b", [high])], linear_scale_of))
    first, second = (shape for shape in shapes if shape.what == "line thin line0")
    assert (first.bottom - first.top) * 8 == pytest.approx(second.bottom - second.top, abs=1)
    assert (first.right - first.left) * 5 == pytest.approx(second.right - second.left, abs=1)
    assert first.top == pytest.approx(second.bottom, abs=0.2)


def test_a_band_lies_around_its_line_and_own_ticks_replace_the_scale_s(look: Any) -> None:
    series = Series([(0, 50), (1, 60)], [(40, 55), (50, 70)], dotted=True)
    texts, shapes = look(line_grid("", "", [Panel("a", [series])], linear_scale_of, [(0, "1+"), (1, "9+")]))
    (line,) = [shape for shape in shapes if shape.what == "line thin line0"]
    (band,) = [shape for shape in shapes if shape.what == "band fill0"]
    assert band.top < line.top <= line.bottom < band.bottom
    assert len([shape for shape in shapes if "edge" in shape.what]) == 2
    assert {"1+", "9+"} <= {text.what for text in texts}


def test_a_grey_line_has_no_mark(look: Any) -> None:
    _, shapes = look(line_grid("", "", [Panel("a", [Series([(0, 1), (1, 2)], grey=True)])], linear_scale_of))
    assert not [shape for shape in shapes if "edge" in shape.what]
