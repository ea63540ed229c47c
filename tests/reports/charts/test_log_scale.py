"""Places on a logarithmic scale, against powers of ten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.reports.charts.log_scale import DEEPEST, power, scale_of


@given(st.lists(st.floats(1e-300, 1e300) | st.just(0.0), min_size=1, max_size=20))
def test_every_number_has_a_place_and_larger_ones_lie_higher(values: list[float]) -> None:
    scale = scale_of(values, 100, 0)
    places = [scale.place(value) for value in sorted(values)]
    assert all(0 <= place <= 100 for place in places)
    assert places == sorted(places, reverse=True)
    assert 1 <= scale.high - scale.low <= DEEPEST
    assert 1 <= len(scale.ticks()) <= 6


def test_a_decade_is_as_high_as_any_other() -> None:
    scale = scale_of([1, 1e-4], 100, 0)
    assert [scale.place(10.0**-n) for n in range(5)] == pytest.approx([0, 25, 50, 75, 100])
    assert scale.place(0) == 100
    assert not scale.shows(0)
    assert [label for _, label in scale.ticks()] == [power(-n) for n in range(5)]
    assert [place for place, _ in scale.ticks()] == pytest.approx([0, 25, 50, 75, 100])


def test_powers_are_spelt_as_one_reads_them() -> None:
    assert [power(0), power(-13), power(2)] == ["1", "10⁻¹³", "10²"]
