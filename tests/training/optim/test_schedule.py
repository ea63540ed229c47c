"""Steps of a plan → the factors of torch's own schedulers."""

from __future__ import annotations

import typing

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, LinearLR, LRScheduler

from tests.each import each
from unrolled.training.optim.schedule import Schedule, factor

SCHEDULES: tuple[Schedule, ...] = typing.get_args(Schedule)
FALLING: tuple[Schedule, ...] = ("linear", "cosine")


def rates_of_torch(schedule: Schedule, planned: int) -> list[float]:
    """Let torch's scheduler of the same name walk through the plan from a rate of 1."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedulers: dict[str, LRScheduler] = {
        "constant": ConstantLR(optimizer, factor=1.0, total_iters=planned),
        "linear": LinearLR(optimizer, 1.0, 0.0, total_iters=planned),
        "cosine": CosineAnnealingLR(optimizer, T_max=planned),
    }
    scheduler, rates = schedulers[schedule], []
    for _ in range(planned + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@each("schedule", SCHEDULES)
@each("planned", [1, 2, 7, 100])
def test_factors_equal_torchs_schedulers(schedule: Schedule, planned: int) -> None:
    found = [factor(schedule, step, planned) for step in range(planned + 1)]
    assert found == pytest.approx(rates_of_torch(schedule, planned), abs=1e-12)


@settings(deadline=None)
@given(st.sampled_from(SCHEDULES), st.integers(1, 10**6), st.data())
def test_a_factor_lies_between_0_and_1_and_never_rises(schedule: Schedule, planned: int, data: st.DataObject) -> None:
    step = data.draw(st.integers(0, 2 * planned))
    now, later = factor(schedule, step, planned), factor(schedule, step + 1, planned)
    assert 0 <= later <= now <= 1
    if schedule in FALLING and planned < 10**4 and step < planned:
        assert later < now


@settings(deadline=None)
@given(st.sampled_from(SCHEDULES), st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_plan_begins_at_1_and_a_falling_one_ends_at_0_and_stays_there(
    schedule: Schedule, planned: int, beyond: int
) -> None:
    assert factor(schedule, 0, planned) == 1.0
    assert factor(schedule, planned + beyond, planned) == (0.0 if schedule in FALLING else 1.0)


@pytest.mark.parametrize("schedule", FALLING)
def test_half_of_the_plan_halves_the_rate(schedule: Schedule) -> None:
    assert factor(schedule, 500, 1000) == pytest.approx(0.5, abs=1e-12)
