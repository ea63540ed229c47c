"""Each filter's strongest window as a torch function: taps with gradients → (texts, sizes x filters)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.autograd.function import once_differentiable

from unrolled.arrays import IntArray
from unrolled.kernels.compiled import conv_max_pool as compiled
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.run_parallel import thread_count, threads


def conv_max_pool(
    library: Library, taps: torch.Tensor, ids: IntArray, lengths: IntArray, sizes: Sequence[int]
) -> torch.Tensor:
    """Find the highest sums of all filters."""
    return _Windows.apply(library, taps, ids, lengths, sizes)  # type: ignore[no-any-return, no-untyped-call]


class _Windows(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *given: Any) -> torch.Tensor:
        library, taps, ids, lengths, sizes = given
        highest, found = compiled.forward(library, taps.detach().numpy(), ids, lengths, sizes, keep=True)
        ctx.way_back, ctx.threads = (library, found, ids, lengths, sizes, len(taps)), thread_count()
        return torch.from_numpy(highest)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, loss: torch.Tensor) -> Any:
        library, *way_back = ctx.way_back
        with threads(ctx.threads):
            return None, torch.from_numpy(compiled.backward(library, loss.numpy(), *way_back)), None, None, None
