"""Who has the least and the most, ties and all."""

from __future__ import annotations

import pytest

from unrolled.reports.extremes import least, most


@pytest.mark.parametrize(
    ("numbers", "lowest", "highest"),
    [
        ({"a": 1.0}, ["a"], ["a"]),
        ({"a": 1.0, "b": 2.0, "c": 1.0}, ["a", "c"], ["b"]),
        ({"a": 0.9 - 0.8, "b": 0.8 - 0.7}, ["a", "b"], ["a", "b"]),  # 0.09999999999999998 and 0.10000000000000009
        ({"a": 0.8123, "b": 0.8124}, ["a"], ["b"]),  # both read 81.2
    ],
)
def test_all_of_a_tie_are_named(numbers: dict[str, float], lowest: list[str], highest: list[str]) -> None:
    assert (least(numbers), most(numbers)) == (lowest, highest)
