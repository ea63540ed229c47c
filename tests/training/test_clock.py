"""A budget and an injected clock → how long the stopwatch says there is time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.training.clock import Stopwatch

SECONDS = st.floats(0.001, 1000)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_without_a_budget_there_is_always_time() -> None:
    clock = Clock()
    watch = Stopwatch(None, words_after=10**9, clock=clock)
    watch.step_took(1e9, 1)
    clock.now = 1e12
    assert watch.has_time()
    assert watch.deadline == math.inf


@given(SECONDS, SECONDS, SECONDS)
def test_time_runs_from_when_the_command_started_and_not_from_when_training_did(
    started: float, budget: float, before: float
) -> None:
    clock = Clock(started + before)
    watch = Stopwatch(budget, started=started, clock=clock)
    assert watch.elapsed == pytest.approx(before)
    assert watch.has_time() == (started + before < started + budget)
    now = Stopwatch(budget, clock=clock)
    assert now.elapsed == 0
    assert now.has_time()


@given(st.lists(st.tuples(SECONDS, st.integers(1, 500)), min_size=1, max_size=20), st.integers(0, 5000), SECONDS)
def test_there_is_time_exactly_until_the_longest_step_and_the_reading_no_longer_fit(
    steps: list[tuple[float, int]], words_after: int, budget: float
) -> None:
    clock = Clock()
    watch = Stopwatch(budget, words_after=words_after, clock=clock)
    for seconds, words in steps:
        watch.step_took(seconds, words)
    total, words = math.fsum(seconds for seconds, _ in steps), sum(words for _, words in steps)
    last_start = budget - max(seconds for seconds, _ in steps) - words_after * total / words
    clock.now = last_start - 1e-6 * (1 + abs(last_start))
    assert watch.has_time()
    clock.now = last_start + 1e-6 * (1 + abs(last_start))
    assert not watch.has_time()


@given(st.lists(st.tuples(SECONDS, st.integers(1, 500)), min_size=1, max_size=20))
def test_speed_is_all_words_over_the_seconds_spent_on_training(steps: list[tuple[float, int]]) -> None:
    watch = Stopwatch(None, clock=Clock())
    for seconds, words in steps:
        watch.step_took(seconds, words)
    wanted = sum(words for _, words in steps) / math.fsum(seconds for seconds, _ in steps)
    assert watch.words_per_second == pytest.approx(wanted)


def test_before_the_first_step_and_after_steps_without_words_nothing_is_divided_by_zero() -> None:
    watch = Stopwatch(5.0, words_after=100, clock=Clock())
    assert watch.words_per_second == 0
    assert watch.has_time()
    watch.step_took(0.0, 0)
    assert watch.words_per_second == 0
    watch.step_took(1.0, 0)
    assert watch.words_per_second == 0
    assert watch.has_time()
