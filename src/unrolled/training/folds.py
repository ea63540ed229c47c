"""Labels of training texts, and which of them are evidence → the fold that each is predicted in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.arrays import BoolArray, IntArray
from unrolled.data.folds import folds_of
from unrolled.data.split import Keys, groups_of

FOLDS = 5


def assign_folds(evidence: BoolArray, keys: Keys, labels: Sequence[str]) -> IntArray:
    """Assign the texts that are evidence to folds: (texts,); -1 for texts that all models are trained on.

    Copies of a text have equal `keys`, (texts, 2).
    """
    usable = np.flatnonzero(evidence)
    folds, count = np.full(len(labels), -1), min(FOLDS, len(np.unique(groups_of(keys[usable]))))
    if count > 1:
        folds[usable] = folds_of(keys[usable], [labels[row] for row in usable.tolist()], count)
    return folds


def can_train_without_each(
    folds: IntArray, labels: Sequence[str], dev_labels: Sequence[str], base_labels: Sequence[str] = ()
) -> bool:
    """Return whether the texts outside each fold have two labels, one of them a dev text's; a base model knows more."""
    for fold in range(int(folds.max()) + 1):
        known = {*base_labels, *(labels[row] for row in np.flatnonzero(folds != fold).tolist())}
        if len(known) < 2 or known.isdisjoint(dev_labels):
            return False
    return True
