"""A profile and one of its findings → the finding's rows, one by one, as a reader is to fix them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from unrolled.checks.findings.finding import Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile


class AffectedRow(NamedTuple):
    """A line of the list of what to fix; None where there is nothing to say."""

    file: str
    row: int
    place: str
    problem: str
    label: str | None
    other_file: str | None
    other_row: int | None
    other_label: str | None
    similarity: float | None
    suggestion: str
    text: str  # its beginning, or why the row can't be read


def affected_rows(profile: DatasetProfile, finding: Finding) -> Iterator[AffectedRow]:
    """List a finding's rows in the order of the files."""
    for file, bad in finding.bad_rows:
        place = _writable(bad.where)
        yield AffectedRow(
            file, bad.number, place, finding.kind, None, None, None, None, None, finding.suggestion, bad.reason
        )
    for number, row in enumerate(finding.rows.tolist()):
        place, text = profile.excerpts[row]
        other = None if finding.others is None else int(finding.others[number])
        alike = None if finding.similarity is None else round(float(finding.similarity[number]), 4)
        other_file, other_row, other_label = (None, None, None) if other is None else _named(profile, other)
        yield AffectedRow(
            *_named(profile, row)[:2],
            place=_writable(place),
            problem=finding.kind,
            label=profile.labels[profile.classes[row]],
            other_file=other_file,
            other_row=other_row,
            other_label=other_label,
            similarity=alike,
            suggestion=finding.suggestion,
            text=text,
        )


def _named(profile: DatasetProfile, row: int) -> tuple[str, int, str]:
    return profile.files[profile.file[row]], int(profile.numbers[row]), profile.labels[profile.classes[row]]


def _writable(place: str) -> str:
    """Spell the bytes of a file's name that are no UTF-8."""
    return place.encode(errors="backslashreplace").decode()
