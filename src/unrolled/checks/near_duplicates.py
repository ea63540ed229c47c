"""Texts that are nearly another text of their file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.checks.findings.finding import Finding, serious
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.duplicate_groups import DuplicateGroups
from unrolled.checks.profile.large_groups import OUT_OF, SHARED
from unrolled.checks.profile.near_pairs import all_near_pairs, most_similar

ORDER = 6  # among findings that are as serious
WARNED = 0.1  # share of rows from which copies change what is measured


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find distinct texts that are nearly another one of their file; each stands for all that are equal to it."""
    same, pairs = profile.once(DuplicateGroups), profile.once(all_near_pairs)
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
            severity=serious(len(rows) / len(same.profile), above=WARNED),
            count=len(rows),
            of=len(same.profile),
            meaning=f"These texts share {100 * SHARED // OUT_OF} % or more of their runs of three words with another.",
            advice="Keep one of each, where they are copies with a word changed and no texts of their own.",
            suggestion="keep one of both",
            rows=rows,
            others=others,
            similarity=similarity,
        )
