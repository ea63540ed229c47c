"""Queries, keys and values (texts, length, size) → each word's mix of all words of its text: (texts, length, size).

    softmax(Q K^T / sqrt(size / heads)) V        for every head on its own columns (Vaswani et al. 2017)

Words beyond a text's end have no weight. Heads of texts are taken in groups, so that memory stays bounded.
"""

from __future__ import annotations

import math

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels.arrays import array_namespace, like
from unrolled.model.layers.gather_padded import padding_mask

LARGEST = 1 << 24  # weights in memory at once: one head of one text, or several together up to this many


def attention(queries: Array, keys: Array, values: Array, lengths: IntArray, num_heads: int) -> Array:
    """Attend from every word to all words of its text."""
    xp = array_namespace(queries)
    texts, length, size = queries.shape
    if not texts:
        return values
    heads = [_heads(part, num_heads) for part in (queries / math.sqrt(size / num_heads), keys, values)]
    beyond = np.where(padding_mask(lengths, length), 0.0, -1e30)  # finite: a text without words has only these
    mask = xp.astype(like(np.repeat(beyond, num_heads, axis=0)[:, None, :], queries), queries.dtype)
    group = max(1, LARGEST // length**2)
    parts = ((start, start + group) for start in range(0, texts * num_heads, group))
    mixed = xp.concat([_mix(*(part[a:b] for part in (*heads, mask))) for a, b in parts])
    together = xp.permute_dims(xp.reshape(mixed, (texts, num_heads, length, size // num_heads)), (0, 2, 1, 3))
    return xp.reshape(together, (texts, length, size))


def _heads(x: Array, num_heads: int) -> Array:
    """Cut the columns into heads: (texts, length, size) → (texts x heads, length, size / heads)."""
    xp = array_namespace(x)
    texts, length, size = x.shape
    cut = xp.permute_dims(xp.reshape(x, (texts, length, num_heads, size // num_heads)), (0, 2, 1, 3))
    return xp.reshape(cut, (texts * num_heads, length, size // num_heads))


def _mix(queries: Array, keys: Array, values: Array, mask: Array) -> Array:
    xp = array_namespace(queries)
    scores = queries @ xp.permute_dims(keys, (0, 2, 1)) + mask
    weights = xp.exp(scores - xp.max(scores, axis=2, keepdims=True))
    return (weights / xp.sum(weights, axis=2, keepdims=True)) @ values
