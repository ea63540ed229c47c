"""Texts as ids and labels as numbers → what a run is trained and judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from unrolled.model.encoder import Integers
from unrolled.model.vocabulary import pad


@dataclass(frozen=True)
class Examples:
    """Texts, each an array of ids; their labels (texts,); their words (texts,), which may be fewer than their ids."""

    texts: Sequence[Integers]
    labels: Integers
    words: Integers

    @cached_property
    def lengths(self) -> Integers:
        """Ids of each text."""
        return np.array([len(text) for text in self.texts], np.int64)

    def batch(self, rows: Integers) -> tuple[Integers, Integers, Integers]:
        """Take some texts: ids (rows, length), lengths (rows,), labels (rows,)."""
        return (*pad([self.texts[row] for row in rows]), self.labels[rows])


def balanced(labels: Integers, classes: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Weigh classes by texts / (classes x texts of the class), as scikit-learn's class_weight='balanced'."""
    counts = np.bincount(labels, minlength=classes)
    return len(labels) / (classes * np.maximum(counts, 1))
