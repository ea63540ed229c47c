"""Vectors (words, d), ids (texts, length), lengths → the texts spread out (texts, length, d), zeros beyond each end."""

from __future__ import annotations

from typing import Any

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels.arrays import rows_or_zero


def padding_mask(lengths: IntArray, width: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Mark what is text and not padding: lengths (texts,) → (texts, width)."""
    return np.arange(width) < lengths[:, None]


def gather_padded(vectors: Array, ids: IntArray, lengths: IntArray) -> Array:
    """Copy each word's vector to the word's place; what stands in the padding is never looked at."""
    return rows_or_zero(vectors, np.where(padding_mask(lengths, ids.shape[1]), ids, vectors.shape[0]))
