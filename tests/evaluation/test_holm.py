"""p-values → the tests that Holm's procedure rejects, as its steps say it and as an exhaustive closed test does."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.evaluation.holm import holm

VALUES = st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.02, 0.05, 1.0]), max_size=7)


@given(VALUES)
def test_is_the_closed_test_of_bonferroni(values: list[float]) -> None:
    """A corrected value is the largest Bonferroni value of any set of the tests that the one belongs to."""
    places = range(len(values))
    sets = [chosen for size in range(1, len(values) + 1) for chosen in combinations(places, size)]
    bonferroni = {chosen: min(1.0, len(chosen) * min(values[place] for place in chosen)) for chosen in sets}
    wanted = [max(value for chosen, value in bonferroni.items() if place in chosen) for place in places]
    assert holm(values) == pytest.approx(wanted)


@given(VALUES, st.sampled_from([0.01, 0.05, 0.2]))
def test_rejects_what_stepping_down_rejects(values: list[float], level: float) -> None:
    rejected, left = set(), list(range(len(values)))
    while left and values[smallest := min(left, key=values.__getitem__)] * len(left) <= level:
        rejected.add(smallest)
        left.remove(smallest)
    assert {place for place, value in enumerate(holm(values)) if value <= level} == rejected


def test_by_hand() -> None:
    """4 · 0.01, 3 · 0.02, 2 · 0.022 which may not be less than the one before, 1 · 0.09."""
    assert holm([0.022, 0.01, 0.09, 0.02]) == pytest.approx([0.06, 0.04, 0.09, 0.06])


def test_errs_at_most_5_percent_of_the_time_where_all_is_chance() -> None:
    values = np.random.default_rng(0).random((2000, 6))
    wrong = sum(min(holm(row.tolist())) <= 0.05 for row in values)
    assert 60 < wrong < 140  # 2000 · 0.05 = 100, standard deviation 10
