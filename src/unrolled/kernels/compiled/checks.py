"""Arrays that a kernel is to read → the same, laid out as C reads them; an error where it would reach outside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import IntArray
from unrolled.kernels.compiled.library import Library


def integers(array: NDArray[Any]) -> IntArray:
    """Lay out integers of any kind and order of memory as a kernel reads them."""
    return np.ascontiguousarray(array, np.int64)


def check_ids(ids: NDArray[Any], rows: int) -> None:
    """Raise an IndexError for an id that is no row."""
    if ids.size and ids.view(f"u{ids.itemsize}").max() >= rows:  # unsigned, a negative id is beyond every row
        raise IndexError(f"ids from {ids.min()} to {ids.max()} in a table of {rows} rows")


def texts_of(library: Library, ids: NDArray[Any], lengths: NDArray[Any], rows: int) -> tuple[IntArray, IntArray]:
    """Lay out padded texts, ids (texts, width) and lengths (texts,); IndexError for a length or a true id beyond."""
    ids, lengths = integers(ids), integers(lengths)
    if lengths.shape != ids.shape[:1] or not library.is_true("texts_fit", ids, *ids.shape, lengths, rows):
        raise IndexError(_beyond(ids, lengths, rows))
    return ids, lengths


def _beyond(ids: IntArray, lengths: IntArray, rows: int) -> str:
    texts, width = ids.shape
    least, most = lengths.min(initial=0), lengths.max(initial=0)
    if lengths.shape != (texts,) or not 0 <= least <= most <= width:
        return f"{lengths.size} lengths from {least} to {most} for {texts} texts of {width} ids"
    true = ids[np.arange(width) < lengths[:, None]]
    return f"ids from {true.min()} to {true.max()} in a table of {rows} rows"


def check_floats(shape: tuple[int, ...], *arrays: NDArray[Any]) -> None:
    """Raise a ValueError for what isn't float32 of this shape in one piece of memory."""
    for array in arrays:
        if array.shape != shape or array.dtype != np.float32 or not array.flags.c_contiguous:
            kind = "in one piece" if array.flags.c_contiguous else "in pieces"
            raise ValueError(
                f"expected float32 of shape {shape} in one piece, got {array.dtype} of {array.shape} {kind}"
            )
