"""Texts as ids and labels as numbers → what a run is trained and judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from unrolled.arrays import Int32Array, IntArray
from unrolled.text.vocabulary import padded


@dataclass(frozen=True, eq=False)
class Examples:
    """The ids of one text after another; how many each has, its label, and its words, which may be fewer (texts,)."""

    ids: Int32Array
    lengths: IntArray
    labels: IntArray
    words: IntArray

    @classmethod
    def of(cls, texts: Sequence[IntArray], labels: IntArray, words: IntArray) -> Examples:
        """Take the ids of each text as an array of its own."""
        together = np.concatenate([np.empty(0, np.int64), *texts]).astype(np.int32)
        return cls(together, np.array([len(text) for text in texts], np.int64), labels, words)

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.labels)

    @cached_property
    def starts(self) -> IntArray:
        """Where each text's ids begin, and where the last one's end: (texts + 1,)."""
        return np.concatenate([[0], np.cumsum(self.lengths)])

    def batch(self, rows: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Take some texts: ids (rows, length), padded with any, lengths (rows,), labels (rows,)."""
        lengths = self.lengths[rows]
        return padded(self.ids, self.starts[rows], lengths), lengths, self.labels[rows]


def balanced(labels: IntArray, classes: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Weigh classes by texts / (classes x texts of the class), as scikit-learn's class_weight='balanced'."""
    counts = np.bincount(labels, minlength=classes)
    return len(labels) / (classes * np.maximum(counts, 1))
