"""A device → on a GPU torch's recurrent kernels compute with all bits of float32 while the block runs, as the CPU does.

By default cuDNN rounds the factors of their products to 11 bits (TensorFloat32), which is faster, and further from the
CPU than the rest of our arithmetic. Other products of torch have all bits by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def full_float32(device: torch.device) -> Iterator[None]:
    """Set torch's switch for a block, forward and backward, and give it back; on a CPU there is nothing to set."""
    if device.type != "cuda":
        yield
        return
    owner, name, value = _switch()
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _switch() -> tuple[Any, str, Any]:
    """Find the switch and its value: since torch 2.9 recurrent kernels have one of their own."""
    own: Any = torch.backends.cudnn.rnn
    if hasattr(own, "fp32_precision"):
        return own, "fp32_precision", "ieee"
    return torch.backends.cudnn, "allow_tf32", False
