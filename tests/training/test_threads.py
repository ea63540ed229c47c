"""A number of threads → torch computes with so many within the block, and with as many as before after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from unrolled.training.threads import threads


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("before", [1, 2])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_number_holds_within_the_block_alone(before: int, number: int) -> None:
    torch.set_num_threads(before)
    with threads(number):
        assert torch.get_num_threads() == number
        with threads(2):
            assert torch.get_num_threads() == 2
        assert torch.get_num_threads() == number
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_in_the_block_passes_and_the_number_is_given_back(error: type[BaseException]) -> None:
    torch.set_num_threads(2)
    with pytest.raises(error), threads(1):
        raise error
    assert torch.get_num_threads() == 2
