"""A sequence of vectors a text, (texts, length, d), and how many are true → one vector a text, (texts, d)."""

from __future__ import annotations

import numpy as np
from array_api_compat import array_namespace

from unrolled.kernels.arrays import Array, like
from unrolled.model.encoder import Integers
from unrolled.model.layers.spread import true_positions


def mean(sequence: Array, lengths: Integers) -> Array:
    """Average over the true positions of a sequence that is zero elsewhere; a text without any gives zeros."""
    xp = array_namespace(sequence)
    counts = xp.astype(like(np.maximum(lengths, 1)[:, None], sequence), sequence.dtype)
    return xp.sum(sequence, axis=1) / counts


def maximum(sequence: Array, lengths: Integers) -> Array:
    """Maximum over the true positions; a text without any gives zeros."""
    xp = array_namespace(sequence)
    true = like(true_positions(lengths, sequence.shape[1])[:, :, None], sequence)
    highest = xp.max(xp.where(true, sequence, -np.inf), axis=1)
    return xp.where(like(lengths[:, None] > 0, sequence), highest, 0.0)
