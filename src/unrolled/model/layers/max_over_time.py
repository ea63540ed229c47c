"""Taps (words, sizes' sum x filters), ids (texts, length), lengths → max_i v_i by filter, (texts, sizes x filters).

    v_i = sum_{j=1..size} T_j[w_{i+j-1}]                               for the filters of each size

Windows never straddle a text's end; a text shorter than the filter has one window, the missing words being zeros. The
strongest windows are found first, without a gradient; their taps alone are then added up once more, since no other
window has one (Collobert et al. 2011).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.kernels import windows
from unrolled.kernels.arrays import Array, array_namespace, constant, host, like, rows, with_zero_row
from unrolled.kernels.library import compiled
from unrolled.model.encoder import Integers


def max_over_time(taps: Array, ids: Integers, lengths: Integers, sizes: Sequence[int]) -> Array:
    """Keep each filter's strongest window in each text: sizes side by side, as many filters of each."""
    if library := compiled(taps):
        return windows.strongest(library, taps, ids, lengths, sizes)
    filters, highest, start = taps.shape[1] // sum(sizes), [], 0
    for size in sizes:
        highest.append(_of_one_size(taps[:, start : start + size * filters], ids, lengths, size))
        start += size * filters
    return array_namespace(taps).concat(highest, axis=1)


def _of_one_size(taps: Array, ids: Integers, lengths: Integers, size: int) -> Array:
    xp = array_namespace(taps)
    places = _places(ids, lengths, size, taps.shape[0])
    window = _strongest_window(constant(taps), places, size)
    texts, filters = window.shape
    steps = window[:, None, :] + np.arange(size)[:, None]
    words = places[np.arange(texts)[:, None, None], steps]
    flat = words * (size * filters) + np.arange(size * filters).reshape(size, filters)
    found = xp.take(xp.reshape(with_zero_row(taps), (-1,)), like(flat.reshape(-1), taps))
    return xp.sum(xp.reshape(found, flat.shape), axis=1)


def _places(ids: Integers, lengths: Integers, size: int, words: int) -> Integers:
    """Fill up: beyond its end a short text has zeros (row `words`), and what no window may touch is row `words` + 1."""
    width = max(ids.shape[1], size)
    places = np.pad(ids, ((0, 0), (0, width - ids.shape[1])))
    step, end = np.arange(width), lengths[:, None]
    return np.where(step < end, places, np.where(step < np.maximum(end, size), words, words + 1))


def _strongest_window(taps: Array, places: Integers, size: int) -> Integers:
    xp = array_namespace(taps)
    table = with_zero_row(taps)
    table = xp.concat([table, xp.full_like(table[:1], -np.inf)])
    windows, filters = places.shape[1] - size + 1, taps.shape[1] // size
    v = rows(table[:, :filters], places[:, :windows])
    for tap in range(1, size):
        v += rows(table[:, tap * filters : (tap + 1) * filters], places[:, tap : tap + windows])
    return host(xp.argmax(v, axis=1))
