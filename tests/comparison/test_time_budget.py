"""A budget → equal shares of what is left, and nothing once it is over."""

from __future__ import annotations

import math

import pytest

from unrolled.comparison.time_budget import GRACE, LEAST, OVERDRAFT, PAGE, PER_ANSWER, SHARE, TimeBudget


class Hands:
    """A clock that is set by hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_without_a_budget_there_is_no_limit() -> None:
    assert TimeBudget(0.0, None, Hands(1e9)).of_next(3) is None


def test_each_gets_its_share_of_what_is_left_and_what_one_leaves_goes_to_the_others() -> None:
    hands = Hands(10.0)
    shares = TimeBudget(10.0, 100.0, hands)
    whole = 100 * (1 - SHARE) - PAGE
    assert shares.of_next(4) == pytest.approx(whole / 4)
    hands.now += 2
    assert shares.of_next(3) == pytest.approx((whole - 2) / 3)
    hands.now += whole - 2 - LEAST / 2
    assert shares.of_next(1) == 0
    hands.now += 100
    assert shares.of_next(1) == 0


def test_of_too_many_trainings_the_first_get_the_least_time_until_there_is_none() -> None:
    hands = Hands(0.0)
    shares, begun = TimeBudget(0.0, 20.0, hands), 0
    while share := shares.of_next(1000 - begun):
        assert share == LEAST
        hands.now, begun = hands.now + share, begun + 1
    assert begun == (20 * (1 - SHARE) - PAGE) // LEAST
    assert hands.now <= shares.end


def test_the_time_before_the_trainings_counts() -> None:
    assert TimeBudget(0.0, 20.0, Hands(8.0)).of_next(1) == pytest.approx(20 * (1 - SHARE) - PAGE - 8)


def test_a_training_is_given_up_after_twice_its_share_or_at_the_end() -> None:
    hands = Hands(0.0)
    shares, end = TimeBudget(0.0, 100.0, hands), 100 * (1 - SHARE) - PAGE
    assert shares.last(10.0) == OVERDRAFT * 10
    hands.now = end - 15
    assert shares.last(15.0) == pytest.approx(end + GRACE)
    assert TimeBudget(0.0, None, hands).last(None) == math.inf


def test_more_answers_leave_more_time_to_the_page() -> None:
    few, many = (TimeBudget(0.0, 100.0, Hands(0.0), answers=answers).of_next(1) or 0.0 for answers in (0, 300_000))
    assert few - many == pytest.approx(300_000 * PER_ANSWER)
