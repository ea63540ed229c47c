"""Two runs → what differs, each by its name with both values, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.each import each
from unrolled.storage.differences import diff

RUN: dict[str, Any] = {"settings": {"encoder": "lstm", "dropout": 0.5}, "threads": 2, "data_sha256": "12ab"}


def test_a_run_does_not_differ_from_itself() -> None:
    assert diff(RUN, {**RUN, "settings": dict(RUN["settings"])}) == []


@each(
    ("now", "told"),
    [
        ({**RUN, "threads": 1}, ["threads 2 (now 1)"]),
        ({key: value for key, value in RUN.items() if key != "threads"}, ["threads 2 (now None)"]),
        ({**RUN, "more": [1]}, ["more None (now [1])"]),
        ({**RUN, "settings": {"encoder": "gru"}}, ["encoder 'lstm' (now 'gru')", "dropout 0.5 (now None)"]),
        ({**RUN, "threads": 2.0}, []),
    ],
)
def test_each_difference_is_told_by_its_name_with_both_values(now: dict[str, Any], told: list[str]) -> None:
    assert diff(RUN, now) == told


def test_a_long_value_is_cut() -> None:
    (told,) = diff({"labels": "a" * 1000}, {"labels": "b" * 1000})
    assert len(told) < 200


def test_of_long_lists_only_what_one_has_alone_is_told() -> None:
    many = [f"AVX{number}" for number in range(40)]
    assert diff({"processor": [*many, "FMA"]}, {"processor": [*many, "SVE"]}) == [
        "processor with ['FMA'] (now with ['SVE'])"
    ]
    (told,) = diff({"numbers": many}, {"numbers": many[::-1]})
    assert told.startswith("numbers ['AVX0'")
