"""A sequence of vectors a text, (texts, length, d), and how many are true → one vector a text, (texts, d)."""

from __future__ import annotations

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels import dispatch
from unrolled.kernels.arrays import array_namespace, like
from unrolled.kernels.compiled.library import compiled
from unrolled.model.layers.gather_padded import gather_padded, padding_mask


def mean_of_rows(vectors: Array, ids: IntArray, lengths: IntArray) -> Array:
    """Average the rows of vectors (n, d) that each text has, ids (texts, length); a text without any gives zeros."""
    if library := compiled(vectors):
        return dispatch.mean_of_rows(library, vectors, ids, lengths)
    return mean(gather_padded(vectors, ids, lengths), lengths)


def maximum_of_rows(vectors: Array, ids: IntArray, lengths: IntArray) -> Array:
    """Take the maximum over the rows of vectors (n, d) that each text has; a text without any gives zeros."""
    if library := compiled(vectors):
        return dispatch.conv_max_pool(library, vectors, ids, lengths, (1,))
    return maximum(gather_padded(vectors, ids, lengths), lengths)


def mean(sequence: Array, lengths: IntArray) -> Array:
    """Average over the true positions of a sequence that is zero elsewhere; a text without any gives zeros."""
    xp = array_namespace(sequence)
    counts = xp.astype(like(np.maximum(lengths, 1)[:, None], sequence), xp.float64)
    total = xp.sum(sequence, axis=1, dtype=xp.float64)  # one after another, many float32 would lose their digits
    return xp.astype(total / counts, sequence.dtype)


def maximum(sequence: Array, lengths: IntArray) -> Array:
    """Maximum over the true positions; a text without any gives zeros."""
    xp = array_namespace(sequence)
    true = like(padding_mask(lengths, sequence.shape[1])[:, :, None], sequence)
    highest = xp.max(xp.where(true, sequence, -np.inf), axis=1)
    return xp.where(like(lengths[:, None] > 0, sequence), highest, 0.0)
