"""Rows that can't be read."""

from __future__ import annotations

from collections.abc import Iterator

from unrolled.checks.findings.finding import Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile

ORDER = 1  # among findings that are as serious


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find the rows that can't be read."""
    bad = tuple((file, row) for file, rows in zip(profile.files, profile.bad_rows, strict=True) for row in rows)
    if bad:
        yield Finding(
            kind="bad_rows",
            severity="error",
            count=len(bad),
            of=len(profile) + len(bad),
            meaning="These rows can't be used: `train` and `evaluate` stop at them.",
            advice="Fix them, or pass --skip-bad-rows to go on without.",
            suggestion="fix it",
            bad_rows=bad,
        )
