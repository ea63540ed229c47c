"""Gradients, and AdamW's state in NumPy → its step in place, compiled; formulas in `training.lazy_adamw`."""

from __future__ import annotations

import ctypes
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from unrolled.arrays import Float32Array, Float64Array, IntArray
from unrolled.kernels.compiled.checks import check_floats, check_ids, integers
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.run_parallel import run_parallel, thread_count

WORTH_A_THREAD = 200_000  # numbers to move; handing over costs some 30 µs


class Settings(ctypes.Structure):
    """The struct of native/adamw.h; `kept` is what a number keeps of itself, 1 - rate x weight decay."""

    _fields_ = tuple((name, ctypes.c_double) for name in ("beta1", "beta2", "epsilon", "rate", "kept"))


def step_numbers(
    library: Library,
    settings: Settings,
    n: float,
    gradient: Float32Array,
    p: Float32Array,
    m: Float32Array,
    v: Float32Array,
) -> None:
    """Move a tensor that has had n gradients, this one included; m and v are of its shape."""
    check_floats(p.shape, gradient, p, m, v)
    flat = [array.reshape(-1) for array in (gradient, p, m, v)]
    _share(
        p.size,
        p.size,
        lambda start, end: library.call(
            "adamw_numbers",
            ctypes.byref(settings),
            ctypes.c_double(n),
            end - start,
            *(array[start:] for array in flat),
        ),
    )


def step_rows(
    library: Library,
    settings: Settings,
    rows: IntArray,
    gradient: Float32Array,
    p: Float32Array,
    m: Float32Array,
    v: Float32Array,
    n: Float64Array,
) -> None:
    """Move some rows of a table, all different, each of which counts its own gradients in n (rows of the table, 1)."""
    rows = _rows(rows, p, n)
    check_floats(p.shape, p, m, v)
    check_floats((len(rows), p.shape[1]), gradient)
    state = (p.shape[1], gradient, p, m, v, n)
    call = partial(library.call, "adamw_rows", ctypes.byref(settings), rows)
    _share(len(rows), gradient.size, lambda start, end: call(start, end, *state))


def decayed_rows(
    library: Library, rows: IntArray, log_decay: float, p: Float32Array, decayed_until: Float64Array
) -> Float32Array:
    """Return some rows of a table after the decay of the steps that they missed, which is applied to the table too."""
    rows = _rows(rows, p, decayed_until)
    check_floats(p.shape, p)
    to = np.empty((len(rows), p.shape[1]), np.float32)
    library.call("settled_rows", rows, len(rows), p.shape[1], ctypes.c_double(log_decay), p, decayed_until, to)
    return to


def _rows(rows: IntArray, table: Float32Array, each: Float64Array) -> IntArray:
    """Lay out rows; IndexError for one that the table lacks, ValueError where there isn't one number for each."""
    if each.size != len(table) or each.dtype != np.float64 or not each.flags.c_contiguous:
        raise ValueError(f"expected {len(table)} numbers in float64 in one piece, got {each.size} in {each.dtype}")
    check_ids(rows, len(table))
    return integers(rows)


def _share(count: int, work: int, run: Any) -> None:
    threads = thread_count() if work > WORTH_A_THREAD else 1
    cuts = [count * part // threads for part in range(threads + 1)]
    run_parallel([partial(run, *part) for part in pairwise(cuts)])
