"""Each text's mean as a torch function: a table with gradients → (texts, d)."""

from __future__ import annotations

from typing import Any

import torch
from torch.autograd.function import once_differentiable

from unrolled.arrays import IntArray
from unrolled.kernels.compiled import rows
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.run_parallel import thread_count, threads


def mean_of_rows(library: Library, table: torch.Tensor, ids: IntArray, lengths: IntArray) -> torch.Tensor:
    """Average each text's rows of the table."""
    return _Mean.apply(library, table, ids, lengths)  # type: ignore[no-any-return, no-untyped-call]


class _Mean(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *given: Any) -> torch.Tensor:
        library, table, ids, lengths = given
        ctx.way_back, ctx.threads = (ids, lengths, len(table)), thread_count()
        ctx.library = library
        return torch.from_numpy(rows.mean_forward(library, table.detach().numpy(), ids, lengths))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, loss: torch.Tensor) -> Any:
        with threads(ctx.threads):
            return None, torch.from_numpy(rows.mean_backward(ctx.library, loss.numpy(), *ctx.way_back)), None, None
