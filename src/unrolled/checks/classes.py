"""Labels and their counts → findings: one class, a class of one row, imbalance, labels alike, labels of one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from unrolled.arrays import IntArray
from unrolled.checks.findings.finding import Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.labels import labels_alike

ORDER = 2  # among findings that are as serious
IMBALANCE = 20  # rows of the largest class for one of the smallest
SHOWN = 10  # labels that are named


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find what is wrong with the classes of the first file, and of both."""
    counts = {label: n for label, n in zip(profile.labels, profile.counts(0).tolist(), strict=True) if n}
    if len(counts) < 2:
        yield Finding(
            kind="one_class",
            severity="error",
            count=len(counts),
            of=len(counts),
            meaning="There are not two labels to tell apart, so there is nothing to learn.",
            advice="Check --label-column.",
            details=_named(counts),
        )
    else:
        yield from _sizes(profile, counts)
    yield from _alike(profile)
    if len(profile.files) > 1:
        yield from _of_one_file(profile, counts)


def _sizes(profile: DatasetProfile, counts: dict[str, int]) -> Iterator[Finding]:
    single = [label for label, count in counts.items() if count == 1]
    if single:
        yield Finding(
            kind="class_of_one_row",
            severity="warning",
            count=len(single),
            of=len(counts),
            meaning="A class of one row can't be both trained on and held out.",
            advice="Add rows, merge it with another class, or remove it.",
            suggestion="add rows like it, or give it another label",
            details=_named(single),
            rows=_rows(profile, single, file=0),
        )
    least, most = min(counts, key=lambda c: (counts[c], c)), max(counts, key=lambda c: (counts[c], c))
    if counts[most] >= IMBALANCE * counts[least]:
        total = sum(counts.values())
        yield Finding(
            kind="imbalance",
            severity="warning",
            count=counts[most],
            of=total,
            meaning=f"The largest class has {counts[most] / counts[least]:,.0f} rows for one of the smallest.",
            advice="Judge by macro F1, not by accuracy; rows for the small classes help most.",
            details=(f"largest '{most}' {counts[most]:,}, smallest '{least}' {counts[least]:,}",),
        )


def _alike(profile: DatasetProfile) -> Iterator[Finding]:
    groups = labels_alike(profile.labels)
    if groups:
        total = dict(
            zip(profile.labels, np.bincount(profile.classes, minlength=len(profile.labels)).tolist(), strict=True)
        )
        rarer = [label for group in groups for label in _rare_labels(group, total)]
        rows = _rows(profile, rarer)
        yield Finding(
            kind="labels_alike",
            severity="warning",
            count=len(rows),
            of=len(profile),
            meaning="These labels differ only by case, spaces or spelling in Unicode, and count as different classes.",
            advice="Write each label in one way.",
            suggestion="write the label as the more frequent one",
            details=tuple(" = ".join(map(repr, group)) for group in groups[:SHOWN]),
            rows=rows,
        )


def _rare_labels(group: list[str], counts: dict[str, int]) -> list[str]:
    commonest = max(group, key=counts.__getitem__)
    return [label for label in group if label != commonest]


def _of_one_file(profile: DatasetProfile, counts: dict[str, int]) -> Iterator[Finding]:
    tested = {label for label, n in zip(profile.labels, profile.counts(1).tolist(), strict=True) if n}
    unknown, untested = sorted(tested - set(counts)), sorted(set(counts) - tested)
    if unknown:
        rows = _rows(profile, unknown)
        yield Finding(
            kind="labels_only_in_test",
            severity="error",
            count=len(rows),
            of=profile.ends[1] - profile.ends[0],
            meaning="The test file has labels that training lacks: every one of these rows will be answered wrongly.",
            advice="Add training rows of these labels, or fix the labels.",
            suggestion="fix the label, or add training rows of it",
            details=_named(unknown),
            rows=rows,
        )
    if untested and tested:
        yield Finding(
            kind="labels_only_in_training",
            severity="note",
            count=len(untested),
            of=len(counts),
            meaning="No test row has these labels, so nothing will be known of how well they are found.",
            advice="Add test rows of them.",
            details=_named(untested),
        )


def _rows(profile: DatasetProfile, labels: Iterable[str], *, file: int | None = None) -> IntArray:
    place = {label: number for number, label in enumerate(profile.labels)}
    has = np.isin(profile.classes, [place[label] for label in labels])
    return np.flatnonzero(has if file is None else has & (profile.file == file))


def _named(labels: Iterable[str]) -> tuple[str, ...]:
    names = [repr(label) for label in labels]
    more = (f"and {len(names) - SHOWN:,} more",) if len(names) > SHOWN else ()
    return (*names[:SHOWN], *more)
