"""Rows that repeat an earlier row of their file, exactly or but for spelling; and texts under several labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.checks.findings.finding import Finding, serious
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.duplicate_groups import DuplicateGroups, contradictions, duplicate_rows

ORDER = 5  # among findings that are as serious
WARNED = 0.01  # share of rows from which copies change what is measured


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find rows that occur twice in a file, and texts with two labels."""
    same = profile.once(DuplicateGroups)
    profile = same.profile
    rows, others = duplicate_rows(same.exact, profile.classes, profile.file.astype(np.int64))
    if len(rows):
        yield Finding(
            kind="exact_duplicates",
            severity=serious(len(rows) / len(profile), above=WARNED),
            count=len(rows),
            of=len(profile),
            meaning="These rows have the text and the label of an earlier row of their file.",
            advice="Remove them, unless what you will predict repeats itself in the same way.",
            suggestion="remove it, the other row has the same text and label",
            rows=rows,
            others=others,
            similarity=np.ones(len(rows)),
        )
    yield from _normalised(same)
    yield from _contradictions(same)


def _normalised(same: DuplicateGroups) -> Iterator[Finding]:
    """Of the distinct rows of a file, find those that equal an earlier one but for case, spaces and punctuation."""
    profile = same.profile
    own = profile.classes, profile.file.astype(np.int64)
    distinct = np.setdiff1d(np.arange(len(profile)), duplicate_rows(same.exact, *own)[0])
    rows, others = duplicate_rows(same.normal[distinct], *(part[distinct] for part in own))
    if len(rows):
        yield Finding(
            kind="duplicates_but_for_spelling",
            severity=serious(len(rows) / len(profile), above=WARNED),
            count=len(rows),
            of=len(profile),
            meaning="These rows equal an earlier one of their file and label but for case, spaces and punctuation.",
            advice="Remove them, unless what you will predict repeats itself in the same way.",
            suggestion="remove it, or the other row",
            rows=distinct[rows],
            others=distinct[others],
            similarity=np.ones(len(rows)),
        )


def _contradictions(same: DuplicateGroups) -> Iterator[Finding]:
    profile = same.profile
    exact, others = contradictions(same.exact, profile.classes)
    message = "The same text also appears with a different label: one label is wrong, or the text is ambiguous."
    finds = [("contradictions", message, exact, others)]
    rows, others = contradictions(same.normal, profile.classes)
    new = ~np.isin(rows, exact)
    message = "The same text, apart from case, spaces and punctuation, also appears with a different label."
    finds.append(("contradictions_but_for_spelling", message, rows[new], others[new]))
    for kind, meaning, rows, others in finds:
        if len(rows):
            yield Finding(
                kind=kind,
                severity="warning",
                count=len(rows),
                of=len(profile),
                meaning=meaning,
                advice="Decide for one label, or remove them; no model can learn both.",
                suggestion="decide between both labels",
                rows=rows,
                others=others,
                similarity=np.ones(len(rows)),
            )
