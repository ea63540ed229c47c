"""Weights (depth, columns) → packed for the small product of a step; those that nobody can write to are packed once."""

from __future__ import annotations

from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from unrolled.kernels.library import Library

Floats = NDArray[np.float32]

LANES = 16  # numbers in the widest register: what columns are rounded up to

# By identity of the weights, for as long as they live. Packing takes as long as reading some ten words.
_kept: dict[tuple[int, int, bool, str], tuple[ReferenceType[Floats], list[Floats]]] = {}


def packed_parts(library: Library, W: Floats, cut: int, *, transposed: bool) -> list[Floats]:
    """Pack W[:, :cut] and what is behind the cut, or the transposes of both."""
    if W.flags.writeable:
        return _pack_parts(library, W, cut, transposed)
    key = (id(W), cut, transposed, library.level)
    owner, parts = _kept.get(key, (None, []))
    if owner is None or owner() is not W:
        parts = _pack_parts(library, W, cut, transposed)
        _kept[key] = (ref(W, lambda _: _kept.pop(key, None) and None), parts)
    return parts


def _pack_parts(library: Library, W: Floats, cut: int, transposed: bool) -> list[Floats]:
    return [_pack(library, part.T if transposed else part) for part in (W[:, :cut], W[:, cut:]) if part.size]


def _pack(library: Library, W: Floats) -> Floats:
    depth, columns = W.shape
    to = np.empty((depth, -(-columns // LANES) * LANES), np.float32)
    library.call("pack", W, W.strides[0] // 4, W.strides[1] // 4, depth, columns, to)
    return to
