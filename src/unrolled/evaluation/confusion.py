"""True and predicted labels (rows,) → confusion matrix (K, K) of counts over the K labels that occur."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import IntArray


@dataclass(frozen=True, eq=False)
class Confusion:
    """How often each true label (row of the matrix) was predicted as each label (column)."""

    labels: list[str]
    matrix: IntArray


def confusion(truth: Sequence[str], predictions: Sequence[str]) -> Confusion:
    """Count the pairs over the sorted union of the labels of both, as scikit-learn does."""
    # Never through NumPy's strings: they drop trailing NULs, so that two labels could become one.
    labels = [str(label) for label in sorted({*truth, *predictions})]
    index = {label: position for position, label in enumerate(labels)}
    pairs = [index[true] * len(labels) + index[predicted] for true, predicted in zip(truth, predictions, strict=True)]
    counts = np.bincount(pairs, minlength=len(labels) ** 2).astype(np.int64, copy=False)
    return Confusion(labels, counts.reshape(len(labels), len(labels)))
