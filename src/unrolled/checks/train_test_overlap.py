"""Keys and near pairs of two files' texts → the test rows that training has seen: the same text, or nearly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.arrays import IntArray
from unrolled.checks.findings.finding import Finding, Severity, serious
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.duplicate_groups import DuplicateGroups, first_of
from unrolled.checks.profile.large_groups import Pairs
from unrolled.checks.profile.near_pairs import all_near_pairs, most_similar

ORDER = 4  # among findings that are as serious
WARNED = 0.01  # share of the test rows from which a score isn't true


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find test rows whose text is in training, each told once, as the most similar."""
    if len(profile.files) < 2:
        return
    same, pairs = profile.once(DuplicateGroups), profile.once(all_near_pairs)
    exact, normal = _equal(same, same.exact), _equal(same, same.normal)
    new = ~np.isin(normal[0], exact[0])
    finds: list[tuple[str, str, Pairs, Severity]] = [
        ("test_rows_in_training", "is in", exact, "error"),
        (
            "test_rows_in_training_but_for_spelling",
            "is, but for case, spaces and punctuation, in",
            (normal[0][new], normal[1][new], normal[2][new]),
            "error",
        ),
        ("test_rows_nearly_in_training", "is nearly one of", nearly_in_training(same, pairs), "warning"),
    ]
    for kind, overlap, (rows, others, similarity), often in finds:
        if len(rows):
            of = same.profile.ends[1] - same.profile.ends[0]
            milder: Severity = "warning" if often == "error" else "note"
            yield Finding(
                kind=kind,
                severity=serious(len(rows) / of, above=WARNED, severity=often, else_=milder),
                count=len(rows),
                of=of,
                meaning=f"The text of these test rows {overlap} training, so a model may know the answer by heart.",
                advice="Remove them from one of the files; a score with them is too good.",
                suggestion="remove it from one of the files",
                rows=rows,
                others=others,
                similarity=similarity,
            )


def _equal(same: DuplicateGroups, groups: IntArray) -> Pairs:
    """Find the test rows whose group has a training row, and the first one."""
    trained = first_of(groups, np.arange(same.profile.ends[0]), int(groups.max(initial=-1)) + 1)
    tested = np.arange(same.profile.ends[0], same.profile.ends[1])
    rows = tested[trained[groups[tested]] >= 0]
    return rows, trained[groups[rows]], np.ones(len(rows))


def nearly_in_training(same: DuplicateGroups, pairs: Pairs) -> Pairs:
    """Find the test rows that are nearly a training text, and not that very text: rows, others and similarity."""
    if len(same.first_in) < 2:
        return pairs[0][:0], pairs[1][:0], pairs[2][:0]
    trained, tested = same.first_in
    left, right = (same.normal[side] for side in pairs[:2])
    group, other = np.concatenate([left, right]), np.concatenate([right, left])
    ours = (trained[group] < 0) & (tested[group] >= 0) & (trained[other] >= 0)
    group, others, similarity = most_similar(group[ours], trained[other[ours]], np.tile(pairs[2], 2)[ours])
    place = np.full(len(tested), -1, np.int64)
    place[group] = np.arange(len(group))
    rows = np.flatnonzero(same.profile.file == 1)
    rows = rows[place[same.normal[rows]] >= 0]
    place = place[same.normal[rows]]
    return rows, others[place], similarity[place]
