"""The word cpu, cuda or auto → a torch device that is there."""

from __future__ import annotations

import torch

from unrolled.errors import settings as errors


def find_device(name: str) -> torch.device:
    """Take the named device; auto takes a GPU where torch can use one."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise errors.no_such_device(name)
    return torch.device(name)
