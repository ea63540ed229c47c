"""Arrays → whether they lie on a GPU; and which arithmetic has computed there."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

USED: set[Literal["torch's kernels", "plain"]] = set()  # in this process


def on_gpu(array: Any) -> bool:
    """Return whether an array of either kind is on a GPU."""
    return not isinstance(array, np.ndarray) and bool(array.device.type == "cuda")
