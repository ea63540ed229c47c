"""A length → the vectors of positions 0 … length - 1, sines and cosines of many wavelengths: (length, size).

p_t[2i] = sin(t / 10000^(2i / size)),   p_t[2i + 1] = cos(t / 10000^(2i / size))        (Vaswani et al. 2017)
"""

from __future__ import annotations

import numpy as np

from unrolled.arrays import Float64Array


def sinusoids(length: int, size: int) -> Float64Array:
    """Compute the positions' vectors in float64."""
    column = np.arange(size)
    angle = np.arange(length)[:, None] / 10000.0 ** (column // 2 * 2 / size)
    return np.where(column % 2, np.cos(angle), np.sin(angle))
