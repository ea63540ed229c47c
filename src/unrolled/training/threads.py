"""A number of threads → torch and the kernels compute with so many while the block runs, afterwards as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from unrolled.kernels import parallel


@contextmanager
def threads(number: int) -> Iterator[None]:
    """Set the threads for a block: the same number gives the same bits on every machine of a kind."""
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        with parallel.threads(number):
            yield
    finally:
        torch.set_num_threads(before)
