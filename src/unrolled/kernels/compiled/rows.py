"""Rows of a table by number → their sums, and each text's mean, compiled."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Float32Array, IntArray
from unrolled.kernels.compiled.checks import check_ids, integers, texts_of
from unrolled.kernels.compiled.library import Library, compiled
from unrolled.kernels.run_parallel import run_parallel, split_work, thread_count

WORTH_A_THREAD = 200_000  # numbers to add; handing over costs some 30 µs


def add_rows(values: NDArray[Any], ids: IntArray, count: int) -> NDArray[Any]:
    """Add up the values (n, d) that go to the same row: (count, d); threads take columns, so the bits stay the same."""
    ids = integers(ids)
    check_ids(ids, count)
    if ids.shape != (len(values),):
        raise IndexError(f"{ids.size} ids for {len(values)} rows of values")
    table = np.zeros((count, values.shape[1]), values.dtype)
    library = compiled(values)
    if library is None:
        np.add.at(table, ids, values)
        return table
    values = values if values.strides[1] == 4 else np.ascontiguousarray(values)

    def add(start: int, end: int) -> None:
        given = (values[:, start:], values.strides[0] // 4, ids, len(ids))
        library.call("add_rows", *given, table[:, start:], table.shape[1], end - start)

    run_parallel([partial(add, *part) for part in _columns(values.shape[1], values.size)])
    return table


def mean_forward(library: Library, table: Float32Array, ids: IntArray, lengths: IntArray) -> Float32Array:
    """Average each text's rows: table (rows, d), ids (texts, width) → (texts, d), zeros for a text without any."""
    ids, lengths = texts_of(library, ids, lengths, len(table))
    table = table if table.strides[1] == 4 else np.ascontiguousarray(table)
    mean = np.empty((len(ids), table.shape[1]), np.float32)

    def read(first: int, last: int) -> None:
        given = (table, table.strides[0] // 4, table.shape[1], ids, ids.shape[1], lengths)
        library.call("mean_forward", *given, first, last, mean)

    worth = int(lengths.sum()) * table.shape[1] > WORTH_A_THREAD
    run_parallel([partial(read, *share) for share in split_work(lengths, worth)])
    return mean


def mean_backward(library: Library, mean: Float32Array, ids: IntArray, lengths: IntArray, rows: int) -> Float32Array:
    """Return the loss by the table (rows, d) of that by the means (texts, d); ids and lengths as on the way there."""
    ids, lengths, mean = integers(ids), integers(lengths), np.ascontiguousarray(mean)
    table, columns = np.zeros((rows, mean.shape[1]), np.float32), mean.shape[1]

    def spread(start: int, end: int) -> None:
        given = (mean[:, start:], columns, ids, ids.shape[1], lengths, len(ids))
        library.call("mean_backward", *given, table[:, start:], columns, end - start)

    run_parallel([partial(spread, *part) for part in _columns(columns, int(lengths.sum()) * columns)])
    return table


def _columns(columns: int, work: int) -> Iterator[tuple[int, int]]:
    """Cut columns for the threads that the work is worth, along registers."""
    threads = thread_count() if work > WORTH_A_THREAD else 1
    cuts = [columns * part // threads // 16 * 16 for part in range(threads)] + [columns]
    return ((start, end) for start, end in pairwise(cuts) if end > start)
