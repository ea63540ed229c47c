"""The compiled walk as a torch function: inputs and weights with gradients → the states of every word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.autograd.function import once_differentiable

from unrolled.arrays import IntArray
from unrolled.kernels.compiled import recurrent
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.compiled.recurrent import CellSpec, Gradient
from unrolled.kernels.compiled.rows import add_rows
from unrolled.kernels.run_parallel import thread_count, threads


def scan(
    library: Library,
    cell: CellSpec,
    inputs: torch.Tensor,
    ids: IntArray,
    orders: Sequence[IntArray],
    active: IntArray,
    weights: Sequence[Mapping[str, torch.Tensor]],
) -> torch.Tensor:
    """Walk all directions: states (words, directions x hidden)."""
    names = list(weights[0])
    flat = [own[name] for own in weights for name in names]
    return _Walk.apply(library, cell, ids, orders, active, names, inputs, *flat)  # type: ignore[no-any-return, no-untyped-call]


class _Walk(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *given: Any) -> torch.Tensor:
        library, cell, ids, orders, active, names, *tensors = given
        inputs, *flat = (tensor.detach().numpy() for tensor in tensors)
        weights = [dict(zip(names, flat[at:], strict=False)) for at in range(0, len(flat), len(names))]
        ctx.library, ctx.names, ctx.threads = library, names, thread_count()
        ctx.result = recurrent.forward(library, cell, inputs, ids, orders, active, weights, keep=True)
        return torch.from_numpy(ctx.result.h)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dh: torch.Tensor) -> Any:
        with threads(ctx.threads):
            gradient = recurrent.backward(ctx.library, ctx.result, dh.contiguous().numpy())
            inputs = torch.from_numpy(add_rows(gradient.inputs, ctx.result.ids, len(ctx.result.inputs)))
        flat = [own[name] for own in _of_weights(ctx.result.cell, gradient) for name in ctx.names]
        return (None,) * 6 + (inputs, *flat)


def _of_weights(cell: CellSpec, gradient: Gradient) -> list[dict[str, torch.Tensor]]:
    """Make the gradients of each direction's W, one product over all words, and of c."""
    found = []
    own_inputs = torch.from_numpy(gradient.inputs).chunk(len(gradient.past), dim=1)
    for direction, (da, past) in enumerate(zip(own_inputs, map(torch.from_numpy, gradient.past), strict=True)):
        if not gradient.gated:
            found.append({"W": past.T @ da})
            continue
        gated, hidden = torch.from_numpy(gradient.gated[direction]), past.shape[1]
        gates = past.T @ da[:, : 2 * hidden]
        candidate = gated.T @ da[:, 2 * hidden :] if cell.function == "gru_before" else past.T @ gated
        found.append({"W": torch.cat([gates, candidate], dim=1), "c": gated.sum(0)})
    return found
