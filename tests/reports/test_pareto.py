"""The front, against a comparison of each with each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unrolled.reports.pareto import pareto_front

PAIR = st.tuples(st.integers(0, 6).map(float), st.integers(0, 6).map(float))


@given(st.lists(PAIR, max_size=25))
def test_nobody_on_the_front_is_dominated_and_all_others_are(pairs: list[tuple[float, float]]) -> None:
    def dominated(one: tuple[float, float]) -> bool:
        return any(cost <= one[0] and gain >= one[1] and (cost, gain) != one for cost, gain in pairs)

    front = pareto_front(pairs)
    assert sorted(front) == [n for n, pair in enumerate(pairs) if not dominated(pair)]
    assert [pairs[n][0] for n in front] == sorted(pairs[n][0] for n in front)
