"""A kernel's arguments → its answer by the fastest code that fits them: C on NumPy arrays, or a torch function.

Torch functions (`autograd/`) call the same C (`compiled/`); they are imported when the first tensor
comes, so that prediction never imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels.arrays import like
from unrolled.kernels.compiled import conv_max_pool as windows
from unrolled.kernels.compiled import recurrent, rows
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.compiled.recurrent import CellSpec
from unrolled.kernels.cudnn import CudnnSpec


def scan(
    library: Library,
    cell: CellSpec,
    inputs: Array,
    ids: IntArray,
    orders: Sequence[IntArray],
    active: IntArray,
    weights: Sequence[Mapping[str, Array]],
) -> Array:
    """Return the states (words, directions x hidden) of inputs (rows, directions x blocks x hidden)."""
    arrays = [inputs, *(array for own in weights for array in own.values())]
    if isinstance(inputs, np.ndarray):
        return recurrent.forward(library, cell, inputs, ids, orders, active, weights, keep=False).h
    if any(array.requires_grad for array in arrays):
        from unrolled.kernels.autograd.scan import scan as differentiable

        return differentiable(library, cell, inputs, ids, orders, active, weights)
    plain = [{name: array.numpy() for name, array in own.items()} for own in weights]
    return like(recurrent.forward(library, cell, inputs.numpy(), ids, orders, active, plain, keep=False).h, inputs)


def cudnn_scan(
    network: CudnnSpec, vectors: Array, active: Sequence[int], weights: Sequence[Mapping[str, Array]]
) -> Array:
    """Return the states (words, directions x hidden) of packed vectors (words, d), by torch's own recurrent kernels."""
    from unrolled.kernels.autograd.cudnn import scan as differentiable

    return differentiable(network, vectors, active, weights)


def conv_max_pool(library: Library, taps: Array, ids: IntArray, lengths: IntArray, sizes: Sequence[int]) -> Array:
    """Return every filter's maximum over all windows of a text: (texts, sizes x filters)."""
    if isinstance(taps, np.ndarray):
        return windows.forward(library, taps, ids, lengths, sizes, keep=False)[0]
    from unrolled.kernels.autograd.conv_max_pool import conv_max_pool as differentiable

    return differentiable(library, taps, ids, lengths, sizes)


def mean_of_rows(library: Library, table: Array, ids: IntArray, lengths: IntArray) -> Array:
    """Return the mean of each text's rows of a table (rows, d): (texts, d)."""
    if isinstance(table, np.ndarray):
        return rows.mean_forward(library, table, ids, lengths)
    from unrolled.kernels.autograd.rows import mean_of_rows as differentiable

    return differentiable(library, table, ids, lengths)
