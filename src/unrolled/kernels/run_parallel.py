"""Tasks that release the interpreter's lock → run side by side, by as many threads as the block is given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from unrolled.arrays import IntArray

if TYPE_CHECKING:  # most processes have one thread and never need it
    from concurrent.futures import ThreadPoolExecutor

_THREADS: ContextVar[int] = ContextVar("threads of kernels", default=1)


@contextmanager
def threads(number: int) -> Iterator[None]:
    """Limit kernels to this number of threads in the block, the calling one included."""
    token = _THREADS.set(number)
    try:
        yield
    finally:
        _THREADS.reset(token)


def thread_count() -> int:
    """Return how many threads kernels may use here."""
    return _THREADS.get()


def run_parallel(tasks: Sequence[Callable[[], None]]) -> None:
    """Run all tasks and wait for them: the first here, the others each in a thread; raises what a task raised."""
    waiting = [_pool(len(tasks) - 1).submit(task) for task in tasks[1:]]
    try:
        for task in tasks[:1]:
            task()
    finally:
        for other in waiting:
            other.result()


def split_work(lengths: IntArray, worth: bool) -> list[tuple[int, int]]:
    """Deal texts to the threads, if that is worth it: (first, last) of each, with about as many words."""
    threads = thread_count() if worth else 1
    ends = np.cumsum(lengths)
    cuts = [int(np.searchsorted(ends, ends[-1] * part / threads)) for part in range(1, threads)] if threads > 1 else []
    return list(zip([0, *cuts], [*cuts, len(lengths)], strict=True))


@cache
def _pool(size: int) -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_pool.cache_clear)  # threads don't survive a fork
    return ThreadPoolExecutor(size, thread_name_prefix="unrolled")
