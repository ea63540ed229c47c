"""torch's tensors on the CPU → treated as if they lay on a GPU, so that its ways are tested where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np

from unrolled.kernels import gpu


@contextmanager
def rehearsal() -> Iterator[None]:
    """Treat all tensors of torch as if they lay on a GPU while the block runs; what it used is then forgotten."""
    with mock.patch.object(gpu, "on_gpu", _is_tensor), mock.patch.object(gpu, "USED", set()):
        yield


def _is_tensor(array: Any) -> bool:
    return not isinstance(array, np.ndarray)
