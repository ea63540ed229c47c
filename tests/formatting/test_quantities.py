"""Numbers in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.evaluation.bootstrap import Interval
from unrolled.formatting import quantities as write


@each(
    ("told", "words"),
    [
        (write.percent(0.8123), "81.2"),
        (write.points(-0.01), "−1.0"),
        (write.points(0.0034), "+0.3"),
        (write.points(-0.0001), "0.0"),
        (write.points_above(-0.0104), "−1.1"),
        (write.points_above(-0.029), "−2.9"),
        (write.points_above(0.00071), "0.0"),
        (write.points_above(0.0129), "+1.2"),
        (write.points_of(0.01), "1.0 point"),
        (write.points_of(0.025), "2.5 points"),
        (write.exact_points(0.01), "1 point"),
        (write.exact_points(0.0025), "0.25 points"),
        (write.exact_points(0.0004), "0.04 points"),
        (write.exact_points(0), "0 points"),
        (write.interval(Interval(0.812, 0.799, 0.825)), "81.2 [79.9, 82.5]"),
        (write.interval(Interval(-0.01, -0.02, 0.001), signed=True), "−1.0 [−2.0, +0.1]"),
        (write.count(0), "0.00"),
        (write.count(999.96), "1.00k"),
        (write.count(12_345), "12.3k"),
        (write.count(1_234_567), "1.23M"),
        (write.count(0.0213), "0.021"),
        (write.exact_count(1_234_567), "1,234,567"),
        (write.size(512), "512 B"),
        (write.size(4_900_000), "4.90 MB"),
        (write.seconds(0.05), "0.05 s"),
        (write.seconds(119), "119 s"),
        (write.seconds(192), "3.20 min"),
        (write.seconds(7200), "2.00 h"),
        (write.milliseconds(0.31), "0.31 ms"),
        (write.times(9.0), "9 times"),
        (write.times(1.44), "1.4 times"),
        (write.times(1432.0), "1,432 times"),
        (write.join_names(["a"]), "a"),
        (write.join_names(["a", "b", "c"]), "a, b and c"),
        (write.all_of(["a"], "is", "are"), "a is"),
        (write.all_of(["a", "b"], "is", "are"), "a and b are"),
        (write.plural(1, "model"), "1 model"),
        (write.plural(1066, "text"), "1,066 texts"),
    ],
)
def test_a_number_reads_as_one_tells_it(told: str, words: str) -> None:
    assert told == words


def test_what_was_not_measured_is_a_dash() -> None:
    none = (
        write.percent,
        write.points,
        write.points_above,
        write.interval,
        write.count,
        write.exact_count,
        write.size,
        write.seconds,
    )
    assert {one(None) for one in (*none, write.milliseconds)} == {"–"}


@given(st.floats(1e-6, 1e11))
def test_a_short_number_is_within_a_hundredth_of_the_number_and_short(number: float) -> None:
    told = write.count(number)
    factor = {"k": 1e3, "M": 1e6, "G": 1e9}.get(told[-1], 1.0)
    assert float(told.rstrip("kMG").replace(",", "")) * factor == pytest.approx(number, rel=0.06)
    assert len(told) <= 7
    if number >= 1:
        assert float(told.rstrip("kMG").replace(",", "")) * factor == pytest.approx(number, rel=0.0051)
