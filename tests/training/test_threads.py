"""A number of threads → torch computes with so many within the block, and with as many as before after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from tests.each import each
from unrolled.training.threads import threads


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@each("before", [1, 2])
@each("number", [1, 2, 3])
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


ALLOCATION = (
    "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 40000000000 bytes. Error 12"
)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (ALLOCATION, "no memory for 40,000,000,000 bytes"),
        ("CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has", "no memory for 20.00 GiB on the GPU"),
    ],
)
def test_memory_that_torch_cannot_have_is_python_s_own_error(told: str, words: str) -> None:
    with pytest.raises(MemoryError, match=f"^{words}$"), threads(1):
        raise RuntimeError(told)


def test_torch_itself_says_so_in_these_words() -> None:
    for shape in ((2**30, 2**30), (2**24, 2**24)):
        with pytest.raises(MemoryError, match="no memory"), threads(1):
            torch.empty(shape, dtype=torch.float64)


def test_any_other_error_of_torch_passes() -> None:
    with pytest.raises(RuntimeError, match="shape"), threads(1):
        torch.zeros(2) @ torch.zeros(3, 3)
