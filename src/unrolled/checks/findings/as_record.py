"""A profile and its findings → one JSON object of a closed shape (docs/check.md)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from unrolled.checks.findings.affected_rows import affected_rows
from unrolled.checks.findings.finding import SEVERITIES, Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.encoder_limits import encoder_limits, percentiles

EXAMPLES = 3


def as_json(profile: DatasetProfile, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return everything but the rows, of which there are a few examples."""
    return {
        "files": files(profile),
        "classes": classes(profile),
        "words": percentiles(profile.corpus.lengths),
        "reads": [
            {**read._asdict(), "cut": int((profile.corpus.lengths > read.max_length).sum()) if read.max_length else 0}
            for read in encoder_limits()
        ],
        "findings": [_finding(profile, finding) for finding in findings],
        **{f"{severity}s": sum(found.severity == severity for found in findings) for severity in SEVERITIES},
    }


def files(profile: DatasetProfile) -> list[dict[str, Any]]:
    """Count each file's rows: all, the used and the bad."""
    used = [end - start for start, end in zip((0, *profile.ends), profile.ends, strict=False)]
    return [
        {"file": name, "rows": count + len(bad), "used": count, "bad": len(bad)}
        for name, count, bad in zip(profile.files, used, profile.bad_rows, strict=True)
    ]


def classes(profile: DatasetProfile) -> list[dict[str, Any]]:
    """Count each label's rows: of the first file, and of the test file or None; the largest class first."""
    counts = [profile.counts(file).tolist() for file in range(len(profile.files))]
    test = counts[1] if len(counts) > 1 else [None] * len(profile.labels)
    rows_of_labels = [
        {"label": label, "rows": rows, "test_rows": tested}
        for label, rows, tested in zip(profile.labels, counts[0], test, strict=True)
    ]
    return sorted(rows_of_labels, key=lambda each: (-each["rows"], each["label"]))


def _finding(profile: DatasetProfile, finding: Finding) -> dict[str, Any]:
    keys = ("kind", "severity", "count", "of", "share", "meaning", "advice")
    examples = [problem._asdict() for problem in islice(affected_rows(profile, finding), EXAMPLES)]
    left_out = ("problem", "suggestion")
    shown = [{key: value for key, value in example.items() if key not in left_out} for example in examples]
    return {**{key: getattr(finding, key) for key in keys}, "details": list(finding.details), "examples": shown}
