"""Rows of a table by number → their sums, and each text's mean, compiled."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.kernels.arrays import Array
from unrolled.kernels.library import Library, compiled
from unrolled.kernels.parallel import shares, side_by_side, thread_count

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

WORTH_A_THREAD = 200_000  # numbers to add; handing over costs some 30 µs


def check_ids(ids: Integers, lengths: Integers, rows: int) -> None:
    """Raise an IndexError for a true id that is no row, before a kernel would read there."""
    true = ids[np.arange(ids.shape[1]) < lengths[:, None]]
    if len(true) and not 0 <= true.min() <= true.max() < rows:
        raise IndexError(f"ids from {true.min()} to {true.max()} in a table of {rows} rows")


def add_rows(values: NDArray[Any], ids: Integers, count: int) -> NDArray[Any]:
    """Add up the values (n, d) that go to the same row: (count, d); threads take columns, so the bits stay the same."""
    if len(ids) and not 0 <= ids.min() <= ids.max() < count:
        raise IndexError(f"ids from {ids.min()} to {ids.max()} in a table of {count} rows")
    table = np.zeros((count, values.shape[1]), values.dtype)
    library = compiled(values)
    if library is None:
        np.add.at(table, ids, values)
        return table
    values = values if values.strides[1] == 4 else np.ascontiguousarray(values)

    def add(start: int, end: int) -> None:
        given = (values[:, start:], values.strides[0] // 4, ids, len(ids))
        library.call("add_rows", *given, table[:, start:], table.shape[1], end - start)

    side_by_side([partial(add, *part) for part in _columns(values.shape[1], values.size)])
    return table


def mean(library: Library, table: Array, ids: Integers, lengths: Integers) -> Array:
    """Average each text's rows, in NumPy or in torch: table (rows, d), ids (texts, width) → (texts, d)."""
    if isinstance(table, np.ndarray):
        return mean_forward(library, table, ids, lengths)
    from unrolled.kernels.autograd.rows import mean_of_rows

    return mean_of_rows(library, table, ids, lengths)


def mean_forward(library: Library, table: Floats, ids: Integers, lengths: Integers) -> Floats:
    """Average each text's rows: table (rows, d), ids (texts, width) → (texts, d), zeros for a text without any."""
    check_ids(ids, lengths, len(table))
    ids, lengths = np.ascontiguousarray(ids), np.ascontiguousarray(lengths)
    table = table if table.strides[1] == 4 else np.ascontiguousarray(table)
    mean = np.empty((len(ids), table.shape[1]), np.float32)

    def read(first: int, last: int) -> None:
        given = (table, table.strides[0] // 4, table.shape[1], ids, ids.shape[1], lengths)
        library.call("mean_forward", *given, first, last, mean)

    worth = int(lengths.sum()) * table.shape[1] > WORTH_A_THREAD
    side_by_side([partial(read, *share) for share in shares(lengths, worth)])
    return mean


def mean_backward(library: Library, mean: Floats, ids: Integers, lengths: Integers, rows: int) -> Floats:
    """Give the loss by the table (rows, d) of that by the means (texts, d)."""
    ids, lengths, mean = np.ascontiguousarray(ids), np.ascontiguousarray(lengths), np.ascontiguousarray(mean)
    table, columns = np.zeros((rows, mean.shape[1]), np.float32), mean.shape[1]

    def spread(start: int, end: int) -> None:
        given = (mean[:, start:], columns, ids, ids.shape[1], lengths, len(ids))
        library.call("mean_backward", *given, table[:, start:], columns, end - start)

    side_by_side([partial(spread, *part) for part in _columns(columns, int(lengths.sum()) * columns)])
    return table


def _columns(columns: int, work: int) -> Iterator[tuple[int, int]]:
    """Cut columns for the threads that the work is worth, along registers."""
    threads = thread_count() if work > WORTH_A_THREAD else 1
    cuts = [columns * part // threads // 16 * 16 for part in range(threads)] + [columns]
    return ((start, end) for start, end in pairwise(cuts) if end > start)
