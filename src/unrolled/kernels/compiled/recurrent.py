"""Projected words and the weights of a recurrent layer → its states after every word, and their gradients, compiled.

One call walks all directions: every direction and every group of texts is a task of its own, side by side in threads.
A text's states don't depend on its group, so any number of threads gives the same bits.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Float32Array, IntArray
from unrolled.kernels.compiled.checks import check_ids, integers
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.compiled.packing import packed_parts
from unrolled.kernels.run_parallel import run_parallel, thread_count

WORTH_A_THREAD = 2_000_000  # multiplications; handing over costs some 30 µs


class CellSpec(NamedTuple):
    """The compiled form of a step: its function, blocks of columns of W, numbers saved a word and unit, the variant."""

    function: str
    blocks: int
    saved: int
    variant: int = 0


class _Walk(ctypes.Structure):
    """The struct of native/walk.h."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("inputs", "ids", "order", "active", "packed", "packed_", "c")),
        *((name, ctypes.c_void_p) for name in ("h", "saved", "dh", "da", "past", "gated")),
        *((name, ctypes.c_int64) for name in ("rows", "words", "steps", "hidden")),
        *((name, ctypes.c_int64) for name in ("input_stride", "h_stride", "da_stride", "group", "groups", "variant")),
    )


@dataclass(frozen=True, eq=False)
class ScanResult:
    """What a walk leaves for its gradient."""

    cell: CellSpec
    inputs: Float32Array  # (rows, directions x blocks x hidden)
    ids: IntArray  # (words,) row of `inputs` of each packed word
    orders: Sequence[IntArray]  # of each direction: (words,) places in the order of the walk
    active: IntArray  # (steps,)
    weights: Sequence[Mapping[str, Float32Array]]  # of each direction
    h: Float32Array  # (words, directions x hidden)
    saved: Sequence[Float32Array] = field(default_factory=list)  # of each direction: (words, saved x hidden)


class Gradient(NamedTuple):
    """What a walk back gives: the loss by the inputs of every word, and what the weights' gradients are made of."""

    inputs: Float32Array  # (words, directions x blocks x hidden)
    past: list[Float32Array]  # of each direction: (words, hidden) the state before every word
    gated: list[Float32Array]  # r h of a gru, or with reset after the loss by h W + c; nothing for others


def forward(
    library: Library,
    cell: CellSpec,
    inputs: Float32Array,
    ids: IntArray,
    orders: Sequence[IntArray],
    active: IntArray,
    weights: Sequence[Mapping[str, Float32Array]],
    *,
    keep: bool,
) -> ScanResult:
    """Walk every direction; `keep` what a gradient needs. IndexError for an id outside the inputs."""
    hidden, words = len(weights[0]["W"]), len(ids)
    h = np.empty((words, len(orders) * hidden), np.float32)
    saved = [np.empty((words, cell.saved * hidden), np.float32) for _ in orders] if keep else []
    inputs = inputs if inputs.strides[1] == 4 else np.ascontiguousarray(inputs)
    orders = list(map(integers, orders))
    result = ScanResult(cell, inputs, integers(ids), orders, integers(active), weights, h, saved)
    _check_shapes(result)
    scans = [_walk(library, result, direction, own["W"]) for direction, own in enumerate(weights)]
    if not all(library.is_true("walk_fits", ctypes.byref(walk)) for walk in scans):
        check_ids(result.ids, len(inputs))
        raise IndexError(f"places {orders} and {active} texts a step, for {words} words")
    _run(library, f"{cell.function}_forward", scans, result)
    return result


def _check_shapes(result: ScanResult) -> None:
    """Raise a ValueError for a shape, an IndexError for a number of places, with which a kernel would reach outside."""
    hidden = len(result.weights[0]["W"])
    if {len(order) for order in result.orders} != {len(result.ids)}:
        raise IndexError(f"{[len(order) for order in result.orders]} places for {len(result.ids)} words")
    columns = result.cell.blocks * hidden
    wanted = {"W": (hidden, columns), "c": (hidden,), "inputs": (len(result.inputs), len(result.weights) * columns)}
    for name, array in (("inputs", result.inputs), *chain(*(own.items() for own in result.weights))):
        if array.shape != wanted[name]:
            raise ValueError(f"expected {name} of shape {wanted[name]}, got {array.shape}")


def backward(library: Library, result: ScanResult, dh: Float32Array) -> Gradient:
    """Walk back from the gradients of all states, (words, directions x hidden)."""
    hidden, columns = result.weights[0]["W"].shape
    words, directions = len(result.ids), range(len(result.orders))
    da = np.empty((words, len(directions) * columns), np.float32)
    past = [np.empty((words, hidden), np.float32) for _ in directions]
    gated = [np.empty((words, hidden), np.float32) for _ in directions if result.cell.function.startswith("gru")]
    scans = []
    for direction, own in enumerate(result.weights):
        walk = _walk(library, result, direction, own["W"], transposed=True)
        walk.dh, walk.da, walk.da_stride = _at(dh, direction * hidden), _at(da, direction * columns), da.shape[1]
        walk.past, walk.gated = _at(past[direction]), _at(gated[direction]) if gated else None
        scans.append(walk)
    _run(library, f"{result.cell.function}_backward", scans, result)
    return Gradient(da, past, gated)


def _walk(library: Library, result: ScanResult, direction: int, W: Float32Array, *, transposed: bool = False) -> _Walk:
    """Fill the struct for one direction, its weights packed; the packed arrays live as long as it does."""
    hidden, columns = W.shape
    cut = 2 * hidden if result.cell.function == "gru_before" else columns  # its candidate has a product of its own
    packed = packed_parts(library, W, cut, transposed=transposed)
    walk = _Walk(rows=len(result.inputs), words=len(result.ids), steps=len(result.active), hidden=hidden, groups=1)
    walk.variant = result.cell.variant
    walk.alive = (packed, result)
    walk.packed, walk.packed_ = _at(packed[0]), _at(packed[1]) if len(packed) > 1 else None
    walk.ids, walk.order, walk.active = _at(result.ids), _at(result.orders[direction]), _at(result.active)
    walk.inputs, walk.input_stride = _at(result.inputs, direction * columns), result.inputs.strides[0] // 4
    walk.h, walk.h_stride = _at(result.h, direction * hidden), result.h.shape[1]
    walk.saved = _at(result.saved[direction]) if result.saved else None
    if "c" in result.weights[direction]:
        c = np.ascontiguousarray(result.weights[direction]["c"])
        walk.c, walk.alive = _at(c), (*walk.alive, c)
    return walk


def _at(array: NDArray[Any], offset: int = 0) -> int:
    """Return the address of a row's element."""
    return int(array.__array_interface__["data"][0]) + offset * array.itemsize


def _run(library: Library, function: str, scans: Sequence[_Walk], result: ScanResult) -> None:
    """Run all directions, their texts in as many groups as there are threads left."""
    if not len(result.active):
        return
    work = len(result.ids) * result.weights[0]["W"].size * len(scans)
    threads = thread_count() if work > WORTH_A_THREAD else 1
    groups = max(1, min(-(-threads // len(scans)), int(result.active[0])))
    if threads == 1:
        for walk in scans:
            library.call(function, ctypes.byref(walk))
        return
    tasks = []
    for walk in scans:
        for group in range(groups):
            own = _Walk.from_buffer_copy(walk)
            own.group, own.groups = group, groups
            tasks.append(partial(library.call, function, ctypes.byref(own)))
    run_parallel(tasks)
