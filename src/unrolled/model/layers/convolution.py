"""A sequence of vectors a text → the sums of every window of a filter: (texts, windows, filters), and windows a text.

    v_i = sum_{j=1..k} T_j[w_{i+j-1}]                                  from words, whose taps T_j are at hand
    v_i = sum_{j=1..k} sum_m W[m, j] x_{i+j-1}[m]                      from the outputs of the layer below

Windows are "valid": they never straddle a text's end; a text shorter than the filter has one window, the missing
vectors being zeros.
"""

from __future__ import annotations

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels.arrays import array_namespace, like, rows_or_zero
from unrolled.model.layers.gather_padded import padding_mask


def windows(lengths: IntArray, size: int) -> IntArray:
    """Count each text's windows: T - k + 1, and at least one."""
    return np.maximum(lengths - size + 1, 1)


def over_words(taps: Array, ids: IntArray, lengths: IntArray, size: int) -> Array:
    """Slide over words: taps (words, size x filters), ids (texts, length) → (texts, windows, filters)."""
    places = np.where(padding_mask(lengths, ids.shape[1]), ids, taps.shape[0])
    places = np.pad(places, ((0, 0), (0, max(0, size - ids.shape[1]))), constant_values=taps.shape[0])
    filters, width = taps.shape[1] // size, places.shape[1] - size + 1
    own = [taps[:, tap * filters : (tap + 1) * filters] for tap in range(size)]
    return sum(rows_or_zero(table, places[:, tap : tap + width]) for tap, table in enumerate(own))


def over_vectors(filters: Array, sequence: Array, lengths: IntArray) -> Array:
    """Slide over vectors: filters (size, d, filters), sequence (texts, length, d) of this many true vectors a text."""
    xp, size = array_namespace(sequence), filters.shape[0]
    sequence = xp.where(like(padding_mask(lengths, sequence.shape[1])[:, :, None], sequence), sequence, 0.0)
    missing = xp.zeros_like(sequence[:, :1])
    sequence = xp.concat([sequence, *[missing] * (size - sequence.shape[1])], axis=1)
    width = sequence.shape[1] - size + 1
    return sum(sequence[:, tap : tap + width] @ filters[tap] for tap in range(size))
