"""A number of threads → torch and the kernels compute with this many while the block runs, afterwards as before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from unrolled.kernels import run_parallel


@contextmanager
def threads(number: int) -> Iterator[None]:
    """Set the threads for a block: the same number gives the same bits on every machine of a kind.

    Raises:
        MemoryError: torch, which has another error for it, found no memory.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        with run_parallel.threads(number):
            yield
    except RuntimeError as error:
        raise (_no_memory(error) or error) from error.__cause__
    finally:
        torch.set_num_threads(before)


def _no_memory(error: RuntimeError) -> MemoryError | None:
    """Make Python's error of torch's, if it is of memory: of a CPU it is known by its words alone."""
    message = str(error)
    if size := re.search(r"you tried to allocate (\d+) bytes|Tried to allocate ([\d.]+ .iB)", message):
        return MemoryError(
            f"no memory for {int(size[1]):,} bytes" if size[1] else f"no memory for {size[2]} on the GPU"
        )
    return MemoryError("no memory has this many bytes") if "size calculation overflowed" in message else None
