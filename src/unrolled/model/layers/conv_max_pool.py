"""Taps (words, sizes' sum x filters), ids (texts, length), lengths → max_i v_i by filter, (texts, sizes x filters).

    v_i = sum_{j=1..size} T_j[w_{i+j-1}]                               for the filters of each size

Windows never straddle a text's end; a text shorter than the filter has one window, the missing words being zeros. The
strongest windows are found first, without a gradient; their taps alone are then added up once more, since no other
window has one (Collobert et al. 2011). On a GPU all of it stays there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels import dispatch
from unrolled.kernels.arrays import array_namespace, constant, like, rows, with_zero_row
from unrolled.kernels.compiled.library import compiled


def max_over_time(taps: Array, ids: IntArray, lengths: IntArray, sizes: Sequence[int]) -> Array:
    """Keep each filter's strongest window in each text: sizes side by side, as many filters of each."""
    if library := compiled(taps):
        return dispatch.conv_max_pool(library, taps, ids, lengths, sizes)
    filters, highest, start = taps.shape[1] // sum(sizes), [], 0
    for size in sizes:
        highest.append(_of_one_size(taps[:, start : start + size * filters], ids, lengths, size))
        start += size * filters
    return array_namespace(taps).concat(highest, axis=1)


def _of_one_size(taps: Array, ids: IntArray, lengths: IntArray, size: int) -> Array:
    xp, known = array_namespace(taps), constant(taps)
    places = like(_places(ids, lengths, size, taps.shape[0]), known)
    window = _strongest_window(known, places, size)
    column = np.arange(taps.shape[1]).reshape(size, -1)  # of each tap and filter
    flat = _words(places, window, size) * taps.shape[1] + like(column, known)
    found = xp.take(xp.reshape(with_zero_row(taps), (-1,)), like(flat.reshape(-1), taps))
    return xp.sum(xp.reshape(found, flat.shape), axis=1)


def _places(ids: IntArray, lengths: IntArray, size: int, words: int) -> IntArray:
    """Fill up: beyond its end a short text has zeros (row `words`), and what no window may touch is row `words` + 1."""
    width = max(ids.shape[1], size)
    places = np.pad(ids, ((0, 0), (0, width - ids.shape[1])))
    step, end = np.arange(width), lengths[:, None]
    return np.where(step < end, places, np.where(step < np.maximum(end, size), words, words + 1))


def _strongest_window(taps: Array, places: Array, size: int) -> Array:
    xp = array_namespace(taps)
    table = with_zero_row(taps)
    table = xp.concat([table, xp.full_like(table[:1], -np.inf)])
    windows, filters = places.shape[1] - size + 1, taps.shape[1] // size
    v = rows(table[:, :filters], places[:, :windows])
    for tap in range(1, size):
        v += rows(table[:, tap * filters : (tap + 1) * filters], places[:, tap : tap + windows])
    return xp.argmax(v, axis=1)


def _words(places: Array, window: Array, size: int) -> Array:
    """Look up the words in each filter's strongest window (texts, filters): (texts, size, filters)."""
    xp, (texts, width) = array_namespace(window), places.shape
    first = like(np.arange(texts)[:, None] * width, window) + window
    at = first[:, None, :] + like(np.arange(size)[:, None], window)
    return xp.reshape(xp.take(xp.reshape(places, (-1,)), xp.reshape(at, (-1,))), at.shape)
