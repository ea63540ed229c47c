"""A look at the data → everything that was found, the most serious first."""

from __future__ import annotations

import numpy as np

from unrolled.checks.classes import classes
from unrolled.checks.duplicate_rows import Same, duplicates
from unrolled.checks.finding import SEVERITIES, Finding
from unrolled.checks.label_leakage import leaks
from unrolled.checks.lengths import lengths
from unrolled.checks.near_duplicates import near_pairs
from unrolled.checks.nearest import near_duplicates
from unrolled.checks.profile import Look
from unrolled.checks.scripts import scripts
from unrolled.checks.text_issues import bad_rows, garbled
from unrolled.checks.train_test_overlap import seen_in_training


def check(look: Look) -> list[Finding]:
    """Make every finding there is."""
    same = Same(look)
    rows = np.sort(np.unique(same.normal, return_index=True)[1])  # of texts that are equal after normalising, one
    files = np.stack([first[same.normal[rows]] >= 0 for first in same.first_in], axis=1)
    pairs = near_pairs(look.corpus, same.words, rows, files)
    findings = [
        *bad_rows(look),
        *classes(look),
        *leaks(look),
        *seen_in_training(same, pairs),
        *duplicates(same),
        *near_duplicates(same, pairs),
        *garbled(look),
        *scripts(look),
        *lengths(look),
    ]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
