"""A look at the data → everything that was found, the most serious first."""

from __future__ import annotations

import numpy as np

from unrolled.checks.classes import classes
from unrolled.checks.duplicate_rows import DuplicateGroups, duplicates
from unrolled.checks.finding import SEVERITIES, Finding
from unrolled.checks.label_leakage import label_leakage
from unrolled.checks.lengths import lengths
from unrolled.checks.near_duplicates import near_pairs
from unrolled.checks.nearest import near_duplicates
from unrolled.checks.profile import DatasetProfile
from unrolled.checks.scripts import scripts
from unrolled.checks.text_issues import bad_rows, odd_characters
from unrolled.checks.train_test_overlap import seen_in_training


def check(look: DatasetProfile) -> list[Finding]:
    """Make every finding there is."""
    same = DuplicateGroups(look)
    rows = np.sort(np.unique(same.normal, return_index=True)[1])  # of texts that are equal after normalising, one
    files = np.stack([first[same.normal[rows]] >= 0 for first in same.first_in], axis=1)
    pairs = near_pairs(look.corpus, same.words, rows, files)
    findings = [
        *bad_rows(look),
        *classes(look),
        *label_leakage(look),
        *seen_in_training(same, pairs),
        *duplicates(same),
        *near_duplicates(same, pairs),
        *odd_characters(look),
        *scripts(look),
        *lengths(look),
    ]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
