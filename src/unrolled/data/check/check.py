"""A look at the data → everything that was found, the most serious first."""

from __future__ import annotations

import numpy as np

from unrolled.data.check.classes import classes
from unrolled.data.check.duplicates import Same, duplicates
from unrolled.data.check.finding import SEVERITIES, Finding
from unrolled.data.check.garbled import bad_rows, garbled
from unrolled.data.check.leaks import leaks
from unrolled.data.check.lengths import lengths
from unrolled.data.check.look import Look
from unrolled.data.check.near_duplicates import near_pairs
from unrolled.data.check.nearest import near_duplicates
from unrolled.data.check.scripts import scripts
from unrolled.data.check.seen_in_training import seen_in_training


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
