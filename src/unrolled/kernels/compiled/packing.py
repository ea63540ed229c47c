"""Weights (depth, columns) → packed for the small product of a step; those that nobody can write to are packed once."""

from __future__ import annotations

from weakref import ReferenceType, ref

import numpy as np

from unrolled.arrays import Float32Array
from unrolled.kernels.compiled.library import Library

LANES = 16  # numbers in the widest register: what columns are rounded up to

# By identity of the weights, for as long as they live. Packing takes as long as reading some ten words.
_cache: dict[tuple[int, int, bool, str], tuple[ReferenceType[Float32Array], list[Float32Array]]] = {}


def packed_parts(library: Library, W: Float32Array, cut: int, *, transposed: bool) -> list[Float32Array]:
    """Pack W[:, :cut] and what is behind the cut, or the transposes of both."""
    if W.flags.writeable:
        return _pack_parts(library, W, cut, transposed)
    key = (id(W), cut, transposed, library.level)
    owner, parts = _cache.get(key, (None, []))
    if owner is None or owner() is not W:
        parts = _pack_parts(library, W, cut, transposed)
        _cache[key] = (ref(W, lambda _: _cache.pop(key, None) and None), parts)
    return parts


def _pack_parts(library: Library, W: Float32Array, cut: int, transposed: bool) -> list[Float32Array]:
    return [_pack(library, part.T if transposed else part) for part in (W[:, :cut], W[:, cut:]) if part.size]


def _pack(library: Library, W: Float32Array) -> Float32Array:
    depth, columns = W.shape
    to = np.empty((depth, -(-columns // LANES) * LANES), np.float32)
    library.call("pack", W, W.strides[0] // 4, W.strides[1] // 4, depth, columns, to)
    return to
