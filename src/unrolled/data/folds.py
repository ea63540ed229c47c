"""Keys and labels of texts → the fold that each text is tested in: every class in its share, duplicates in one fold."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from unrolled.arrays import IntArray
from unrolled.data.split import Keys, classes_of_groups, groups_of
from unrolled.errors import data as errors


def folds_of(keys: Keys, labels: Sequence[str], folds: int) -> IntArray:
    """Number each text's fold, (texts,) from 0; DataError where there are fewer different texts than folds.

    Of each class the groups of equal texts go, the largest first and else in the order of their keys, to the fold
    that has the fewest rows of the class, among these to the one that has the fewest rows of all. A text that has
    several labels counts to the first of them.
    """
    groups = groups_of(keys)
    sizes = np.bincount(groups)
    if len(sizes) < folds:
        raise errors.fewer_texts_than_folds(len(sizes), folds)
    classes = classes_of_groups(groups, labels)
    fold, rows = np.empty(len(sizes), np.int64), [0] * folds
    for number in np.unique(classes).tolist():
        own = np.flatnonzero(classes == number)
        waiting = [(0, total, place) for place, total in enumerate(rows)]
        heapq.heapify(waiting)
        for group in own[np.argsort(-sizes[own], kind="stable")].tolist():
            of_class, of_all, place = waiting[0]
            size = int(sizes[group])
            heapq.heapreplace(waiting, (of_class + size, of_all + size, place))
            fold[group] = place
            rows[place] += size
    return fold[groups]
