"""Probability of the predicted label (rows,) and whether it was right (rows,) → expected calibration error.

ECE = Σ_b |B_b| / n · |accuracy(B_b) - mean confidence(B_b)|, bin B_b holding the confidences in ((b-1)/15, b/15]
(Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3, with 15 bins as in their experiments).
"""

from __future__ import annotations

import numpy as np

from unrolled.arrays import BoolArray, FloatArray

BINS = 15


def expected_calibration_error(confidences: FloatArray, right: BoolArray) -> float:
    """How far confidence and accuracy lie apart on average, from 0 to 1."""
    bins = np.searchsorted(np.arange(1, BINS) / BINS, confidences, side="left")
    # |B| · (accuracy - mean confidence) is the sum of (right - confidence), so no bin is divided by its size.
    gaps = np.bincount(bins, weights=right - confidences.astype(np.float64))
    return float(np.abs(gaps).sum() / len(confidences))
