"""Labels and their counts → findings: one class, a class of one row, imbalance, labels alike, labels of one file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from unrolled.arrays import IntArray
from unrolled.checks.finding import Finding

if TYPE_CHECKING:
    from unrolled.checks.profile import DatasetProfile

IMBALANCE = 20  # rows of the largest class for one of the smallest
SHOWN = 10  # labels that are named


def label_encode(labels: Sequence[str]) -> tuple[tuple[str, ...], IntArray]:
    """List the different labels, sorted, and each row's place among them."""
    known = tuple(sorted(set(labels)))
    place = {label: number for number, label in enumerate(known)}
    return known, np.fromiter(map(place.__getitem__, labels), np.int64, len(labels))


def labels_alike(labels: Iterable[str]) -> list[list[str]]:
    """Group the labels that differ only by case, by spaces or by how Unicode spells a letter."""
    groups: dict[str, list[str]] = {}
    for label in sorted(set(labels)):
        groups.setdefault("".join(unicodedata.normalize("NFKC", label).casefold().split()), []).append(label)
    return [group for group in groups.values() if len(group) > 1]


def classes(look: DatasetProfile) -> Iterator[Finding]:
    """Find what is wrong with the classes of the first file, and of both."""
    counts = {label: n for label, n in zip(look.labels, look.counts(0).tolist(), strict=True) if n}
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
        yield from _sizes(look, counts)
    yield from _alike(look)
    if len(look.files) > 1:
        yield from _of_one_file(look, counts)


def _sizes(look: DatasetProfile, counts: dict[str, int]) -> Iterator[Finding]:
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
            rows=_rows(look, single, file=0),
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


def _alike(look: DatasetProfile) -> Iterator[Finding]:
    groups = labels_alike(look.labels)
    if groups:
        total = dict(zip(look.labels, np.bincount(look.classes, minlength=len(look.labels)).tolist(), strict=True))
        rarer = [label for group in groups for label in _but_the_commonest(group, total)]
        rows = _rows(look, rarer)
        yield Finding(
            kind="labels_alike",
            severity="warning",
            count=len(rows),
            of=len(look),
            meaning="These labels differ only by case, spaces or spelling in Unicode, and count as different classes.",
            advice="Write each label in one way.",
            suggestion="write the label as the more frequent one",
            details=tuple(" = ".join(map(repr, group)) for group in groups[:SHOWN]),
            rows=rows,
        )


def _but_the_commonest(group: list[str], counts: dict[str, int]) -> list[str]:
    commonest = max(group, key=counts.__getitem__)
    return [label for label in group if label != commonest]


def _of_one_file(look: DatasetProfile, counts: dict[str, int]) -> Iterator[Finding]:
    tested = {label for label, n in zip(look.labels, look.counts(1).tolist(), strict=True) if n}
    unknown, untested = sorted(tested - set(counts)), sorted(set(counts) - tested)
    if unknown:
        rows = _rows(look, unknown)
        yield Finding(
            kind="labels_only_in_test",
            severity="error",
            count=len(rows),
            of=look.ends[1] - look.ends[0],
            meaning="The test file has labels that training lacks: every one of these rows will be answered wrongly.",
            advice="Add training rows of these labels, or mend the labels.",
            suggestion="mend the label, or add training rows of it",
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


def _rows(look: DatasetProfile, labels: Iterable[str], *, file: int | None = None) -> IntArray:
    place = {label: number for number, label in enumerate(look.labels)}
    has = np.isin(look.classes, [place[label] for label in labels])
    return np.flatnonzero(has if file is None else has & (look.file == file))


def _named(labels: Iterable[str]) -> tuple[str, ...]:
    names = [repr(label) for label in labels]
    more = (f"and {len(names) - SHOWN:,} more",) if len(names) > SHOWN else ()
    return (*names[:SHOWN], *more)
