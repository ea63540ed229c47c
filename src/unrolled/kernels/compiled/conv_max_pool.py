"""Taps of filters of several sizes, and ids of texts → each filter's strongest window, and the way back, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from unrolled.arrays import Float32Array, Int32Array, IntArray
from unrolled.kernels.compiled.checks import integers, texts_of
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.run_parallel import run_parallel, split_work

WORTH_A_THREAD = 500_000  # numbers that are looked up; handing over costs some 30 µs


def forward(
    library: Library, taps: Float32Array, ids: IntArray, lengths: IntArray, sizes: Sequence[int], *, keep: bool
) -> tuple[Float32Array, Int32Array | None]:
    """Find the highest sums (texts, sizes x filters) and, to `keep` for the way back, the windows that have them.

    `taps` are (rows, sum of sizes x filters), `ids` (texts, width). IndexError for an id or a length beyond.
    """
    ids, lengths = texts_of(library, ids, lengths, len(taps))
    taps = taps if taps.strides[1] == 4 else np.ascontiguousarray(taps)
    filters = taps.shape[1] // sum(sizes)
    highest = np.empty((len(ids), len(sizes) * filters), np.float32)
    windows = np.empty(highest.shape, np.int32) if keep else None

    def read(first: int, last: int) -> None:
        for tower, size, start in _towers(sizes):
            own = slice(tower * filters, None)
            given = (taps[:, start * filters :], taps.strides[0] // 4, ids, ids.shape[1], lengths, first, last)
            found = (highest[:, own], None if windows is None else windows[:, own], highest.shape[1])
            library.call("windows_forward", *given, size, filters, *found)

    work = int(lengths.sum()) * taps.shape[1]
    run_parallel([partial(read, *share) for share in split_work(lengths, work > WORTH_A_THREAD)])
    return highest, windows


def backward(
    library: Library,
    loss: Float32Array,
    windows: Int32Array,
    ids: IntArray,
    lengths: IntArray,
    sizes: Sequence[int],
    rows: int,
) -> Float32Array:
    """Return the loss by the taps, (rows, sum of sizes x filters), of that by the highest sums; ids as on the way."""
    filters = loss.shape[1] // len(sizes)
    ids, lengths, loss = integers(ids), integers(lengths), np.ascontiguousarray(loss)
    taps = np.zeros((rows, sum(sizes) * filters), np.float32)

    def tower(tower: int, size: int, start: int) -> None:
        own = slice(tower * filters, None)
        given = (loss[:, own], windows[:, own], loss.shape[1], ids, ids.shape[1], lengths, len(ids))
        library.call("windows_backward", *given, size, filters, 0, filters, taps[:, start * filters :], taps.shape[1])

    tasks: list[Callable[[], None]] = [partial(tower, *one) for one in _towers(sizes)]
    if loss.size * max(sizes) > WORTH_A_THREAD:
        run_parallel(tasks)
    else:
        for task in tasks:
            task()
    return taps


def _towers(sizes: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """List each tower with its size and where its taps start."""
    start = 0
    for tower, size in enumerate(sizes):
        yield tower, size, start
        start += size
