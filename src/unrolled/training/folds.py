"""Labels of training texts, and which of them are evidence → the fold that each is predicted in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.arrays import BoolArray, IntArray
from unrolled.data.folds import folds_of
from unrolled.data.split import Keys, classes_of_groups, groups_of

FOLDS = 5


def assign_folds(evidence: BoolArray, keys: Keys, labels: Sequence[str]) -> IntArray:
    """Assign the texts that are evidence to folds: (texts,); -1 for texts that all models are trained on.

    The only text of a class is one of these. Copies of a text have equal `keys`, (texts, 2).
    """
    groups = groups_of(keys)
    classes = classes_of_groups(groups, labels)
    usable = np.flatnonzero(evidence & (np.bincount(classes)[classes[groups]] > 1))
    folds, count = np.full(len(labels), -1), min(FOLDS, len(np.unique(groups[usable])))
    if count > 1:
        folds[usable] = folds_of(keys[usable], [labels[row] for row in usable.tolist()], count)
    return folds
