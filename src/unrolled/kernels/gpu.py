"""Arrays → whether they lie on a GPU; and which arithmetic has computed there.

What happens there can be rehearsed without one: torch's tensors on the CPU then go the ways of those on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

import numpy as np

_REHEARSED: ContextVar[bool] = ContextVar("torch's tensors are taken to lie on a GPU", default=False)
USED: set[Literal["torch's kernels", "plain"]] = set()  # in this process


@contextmanager
def rehearsal() -> Iterator[None]:
    """Treat all tensors of torch as if they lay on a GPU while the block runs; what it used is then forgotten."""
    token, before = _REHEARSED.set(True), set(USED)
    USED.clear()
    try:
        yield
    finally:
        _REHEARSED.reset(token)
        USED.clear()
        USED.update(before)


def on_gpu(array: Any) -> bool:
    """Return whether an array of either kind is on a GPU, or is to be treated so."""
    return not isinstance(array, np.ndarray) and (_REHEARSED.get() or array.device.type == "cuda")
