"""Rates and random streams → how many numbers are dropped, and what happens to the others."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.training.dropout import DRAWS, Stream, dropout

COUNT = 20_000


def stream(seed: int) -> Stream:
    return Stream(seed, torch.device("cpu"))


@settings(deadline=None, max_examples=25)
@given(st.floats(0.01, 0.95), st.integers(0, 2**31))
def test_the_share_of_zeros_is_the_rate_and_the_mean_is_kept(rate: float, seed: int) -> None:
    dropped = dropout(rate, stream(seed))(torch.ones(COUNT, dtype=torch.float64))
    deviation = math.sqrt(rate * (1 - rate) / COUNT)  # of a binomial share; 6 of them: once in 5e8 draws
    assert abs((dropped == 0).double().mean().item() - rate) < 6 * deviation
    assert abs(dropped.mean().item() - 1) < 6 * deviation / (1 - rate)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.01, 0.95), st.integers(0, 2**31))
def test_what_is_kept_is_scaled_up_by_one_over_the_share_kept(rate: float, seed: int) -> None:
    x = torch.linspace(1, 2, 500)
    dropped = dropout(rate, stream(seed))(x)
    mask = dropped != 0
    drawn = round(rate * DRAWS) / DRAWS  # the rate as it is drawn, so that the mean is kept exactly
    assert abs(drawn - rate) <= 0.5 / DRAWS
    torch.testing.assert_close(dropped[mask], x[mask] / (1 - drawn))


@each("shape", [(), (1,), (3,), (0, 4), (7, 5)])
def test_any_shape_is_dropped_from(shape: tuple[int, ...]) -> None:
    assert dropout(0.5, stream(0))(torch.ones(shape)).shape == shape


def test_neighbours_are_dropped_independently() -> None:
    zero = (dropout(0.5, stream(4))(torch.ones(COUNT)) == 0).double().numpy()
    for apart in (1, 2, 3, 4):
        share = (zero[apart:] * zero[:-apart]).mean()
        assert abs(share - 0.25) < 6 * math.sqrt(0.25 * 0.75 / COUNT)


def test_a_rate_of_0_is_the_identity_and_draws_nothing() -> None:
    x, chance = torch.linspace(-1, 1, 20), stream(1)
    assert torch.equal(dropout(0.0, chance)(x), x)
    assert torch.equal(chance.mask(x, 0.5), stream(1).mask(x, 0.5))


def test_the_same_stream_drops_the_same_and_goes_on_from_call_to_call() -> None:
    x = torch.ones(60, 10)
    first, again = dropout(0.5, stream(7)), dropout(0.5, stream(7))
    masks = [first(x), first(x)]
    assert torch.equal(masks[0], again(x))
    assert torch.equal(masks[1], again(x))
    assert not torch.equal(masks[0], masks[1])
    assert not torch.equal(masks[0], dropout(0.5, stream(8))(x))


def test_torchs_own_stream_is_not_drawn_from() -> None:
    before = torch.random.get_rng_state()
    dropout(0.5, stream(0))(torch.ones(100))
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_gradient_passes_where_a_number_was_kept_and_nowhere_else(dtype: torch.dtype) -> None:
    x = torch.linspace(0, 1, 200, dtype=dtype).add_(0.5).requires_grad_()
    dropped = dropout(0.25, stream(3))(x)
    (gradient,) = torch.autograd.grad(dropped.sum(), x)
    assert dropped.dtype == dtype
    torch.testing.assert_close(gradient, torch.where(dropped.detach() != 0, 1 / 0.75, 0.0).to(dtype))
    assert 0 < int((gradient == 0).sum()) < len(gradient)


def test_the_input_is_left_as_it_is() -> None:
    x = torch.ones(50)
    dropout(0.5, stream(0))(x)
    assert torch.equal(x, torch.ones(50))
