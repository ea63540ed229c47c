"""Places on an even scale, against proportions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.reports.charts.linear_scale import MOST_STEPS, linear_scale_of

NUMBERS = st.lists(st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6), min_size=1, max_size=20)


@given(NUMBERS)
def test_every_number_lies_between_the_ends_in_proportion(values: list[float]) -> None:
    scale = linear_scale_of(values, 200, 20)
    span = scale.high - scale.low
    assert scale.low <= min(values) + 1e-9 * span
    assert scale.high >= max(values) - 1e-9 * span
    for value in values:
        assert scale.place(value) == pytest.approx(200 - 180 * (value - scale.low) / span, abs=1e-6)


@given(NUMBERS)
def test_its_ticks_are_few_even_and_say_where_they_stand(values: list[float]) -> None:
    scale = linear_scale_of(values, 200, 20)
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= MOST_STEPS + 1
    assert ticks[0][0] == pytest.approx(200)
    assert ticks[-1][0] == pytest.approx(20)
    for place, label in ticks:
        assert scale.place(float(label.replace("−", "-"))) == pytest.approx(place, abs=1e-6)


@each(
    ("values", "labels"),
    [
        ([58.1, 83.6], ["55", "60", "65", "70", "75", "80", "85"]),
        ([0, 0.03], ["0.000", "0.005", "0.010", "0.015", "0.020", "0.025", "0.030"]),
        ([-22, 1.5], ["−25", "−20", "−15", "−10", "−5", "0", "5"]),
        ([80.0], ["80", "90"]),
        ([], ["0", "1"]),
    ],
)
def test_ticks_are_what_one_would_choose(values: list[float], labels: list[str]) -> None:
    assert [label for _, label in linear_scale_of(values, 100, 0).ticks()] == labels


def test_whole_numbers_get_whole_steps() -> None:
    assert [label for _, label in linear_scale_of([1, 2], 100, 0, least=1).ticks()] == ["1", "2"]


def test_what_lies_beyond_stands_at_the_end() -> None:
    scale = linear_scale_of([0, 10], 100, 0)
    assert (scale.place(-5), scale.place(50)) == (100, 0)
