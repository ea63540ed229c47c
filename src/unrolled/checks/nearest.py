"""Pairs of texts that are nearly the same → for each text the most similar other one of its file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.arrays import Float64Array, IntArray
from unrolled.checks.duplicate_rows import WARNED, DuplicateGroups
from unrolled.checks.finding import Finding, serious
from unrolled.checks.large_groups import OUT_OF, SHARED, Pairs


def most_similar(rows: IntArray, others: IntArray, similarity: Float64Array) -> Pairs:
    """Keep of each row's pairs the most similar, of equals the one with the first row."""
    order = np.lexsort((others, -similarity, rows))
    rows, first = np.unique(rows[order], return_index=True)
    return rows, others[order][first], similarity[order][first]


def near_duplicates(same: DuplicateGroups, pairs: Pairs) -> Iterator[Finding]:
    """Find distinct texts that are nearly another one of their file; each stands for all that are equal to it."""
    found = []
    for first in same.first_in:
        left, right = (first[same.normal[side]] for side in pairs[:2])
        here = (left >= 0) & (right >= 0)
        both = (np.concatenate([left[here], right[here]]), np.concatenate([right[here], left[here]]))
        found.append(most_similar(*both, np.tile(pairs[2][here], 2)))
    rows, others, similarity = (np.concatenate(part) for part in zip(*found, strict=True))
    if len(rows):
        yield Finding(
            kind="near_duplicates",
            severity=serious(len(rows) / len(same.look), above=10 * WARNED),
            count=len(rows),
            of=len(same.look),
            meaning=f"These texts share {100 * SHARED // OUT_OF} % or more of their runs of three words with another.",
            advice="Keep one of each, where they are copies with a word changed and no texts of their own.",
            suggestion="keep one of both",
            rows=rows,
            others=others,
            similarity=similarity,
        )
