"""Arrays of either kind (NumPy or torch) → the few array functions that the array API lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import array_api_compat
import numpy as np
from array_api_compat import device

from unrolled.arrays import AnyArray, Array
from unrolled.kernels import gpu


def array_namespace(*arrays: Array) -> Any:
    """Find the module of the array API's functions: NumPy's own, which has them since 2.0, or torch's from the wrapper.

    The wrapper of NumPy would import all of NumPy, numpy.f2py included: 0.07 s of every start.
    """
    return np if all(isinstance(array, np.ndarray) for array in arrays) else array_api_compat.array_namespace(*arrays)


def like(values: Array, array: Array) -> Array:
    """Bring a NumPy array, or what is there already, to the kind and device of another array, keeping its own dtype."""
    xp = array_namespace(array)
    if gpu.on_gpu(array):  # the copy need not wait until the GPU has done what it was given before
        return xp.asarray(values).to(array.device, non_blocking=True)
    return xp.asarray(values, device=device(array))


def rows(table: Array, ids: Array) -> Array:
    """Look up rows: (n, d) and integers of any shape, in NumPy or where the table is → that shape + (d,)."""
    if isinstance(table, np.ndarray) and isinstance(ids, np.ndarray):
        return table.take(ids, axis=0)
    xp = array_namespace(table)
    places = like(np.ascontiguousarray(ids), table) if isinstance(ids, np.ndarray) else ids
    found = xp.take(table, xp.reshape(places, (-1,)), axis=0)
    return xp.reshape(found, (*ids.shape, table.shape[1]))


def with_zero_row(table: Array) -> Array:
    """Append a row of zeros, the row of what is not there: (n, d) → (n + 1, d)."""
    xp = array_namespace(table)
    return xp.concat([table, xp.zeros((1, table.shape[1]), dtype=table.dtype, device=device(table))])


def rows_or_zero(table: Array, ids: AnyArray) -> Array:
    """Look up rows (n, d), or zeros for the id n: integers of any shape → that shape + (d,)."""
    missing = ids == table.shape[0]
    if not missing.any():
        return rows(table, ids)
    if not isinstance(table, np.ndarray) or not len(table):
        return rows(with_zero_row(table), ids)
    found = rows(table, np.where(missing, 0, ids))  # a large table isn't copied for the sake of one row
    found[missing] = 0
    return found


def runs(array: Array, sizes: Sequence[int]) -> Sequence[Array]:
    """Cut an array along its first axis into runs of the given sizes."""
    if isinstance(array, np.ndarray):
        return np.split(array, np.cumsum(sizes)[:-1])
    return array.split(sizes)  # type: ignore[no-any-return]  # torch's own split: one node, one gradient


def affine(x: Array, W: Array, b: Array) -> Array:
    """Compute x W + b in one go: (n, d), (d, m), (m,) → (n, m)."""
    if not isinstance(x, np.ndarray):
        return b.addmm(x, W)
    found = x @ W
    found += b
    return found


def sigmoid(x: Array) -> Array:
    """Logistic function 1 / (1 + exp(-x)), which doesn't overflow."""
    xp = array_namespace(x)
    if hasattr(xp, "sigmoid"):
        return xp.sigmoid(x)
    return 0.5 * xp.tanh(0.5 * x) + 0.5


def relu(x: Array) -> Array:
    """Rectifier max(x, 0)."""
    xp = array_namespace(x)
    return xp.clip(x, 0, None) if isinstance(x, np.ndarray) else xp.relu(x)


def constant(x: Array) -> Array:
    """Take the numbers without their gradient; on a CPU as a NumPy view, whose small operations are the faster."""
    if isinstance(x, np.ndarray):
        return x
    x = x.detach()
    return x.numpy() if x.device.type == "cpu" and not gpu.on_gpu(x) else x
