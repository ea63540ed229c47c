"""A look and its findings → one JSON object of a closed shape (docs/check.md)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from unrolled.checks.affected_rows import affected_rows
from unrolled.checks.finding import SEVERITIES, Finding
from unrolled.checks.lengths import encoder_limits, percentiles
from unrolled.checks.profile import DatasetProfile

EXAMPLES = 3


def as_json(look: DatasetProfile, findings: Sequence[Finding]) -> dict[str, Any]:
    """Tell everything but the rows, of which there are a few examples."""
    return {
        "files": files(look),
        "classes": classes(look),
        "words": percentiles(look.corpus.lengths),
        "reads": [
            {**read._asdict(), "cut": int((look.corpus.lengths > read.max_length).sum()) if read.max_length else 0}
            for read in encoder_limits()
        ],
        "findings": [_finding(look, finding) for finding in findings],
        **{f"{severity}s": sum(found.severity == severity for found in findings) for severity in SEVERITIES},
    }


def files(look: DatasetProfile) -> list[dict[str, Any]]:
    """Count each file's rows: all, the used and the bad."""
    used = [end - start for start, end in zip((0, *look.ends), look.ends, strict=False)]
    return [
        {"file": name, "rows": count + len(bad), "used": count, "bad": len(bad)}
        for name, count, bad in zip(look.files, used, look.bad_rows, strict=True)
    ]


def classes(look: DatasetProfile) -> list[dict[str, Any]]:
    """Count each label's rows: of the first file, and of the test file or None; the largest class first."""
    counts = [look.counts(file).tolist() for file in range(len(look.files))]
    test = counts[1] if len(counts) > 1 else [None] * len(look.labels)
    told = [
        {"label": label, "rows": rows, "test_rows": tested}
        for label, rows, tested in zip(look.labels, counts[0], test, strict=True)
    ]
    return sorted(told, key=lambda each: (-each["rows"], each["label"]))


def _finding(look: DatasetProfile, finding: Finding) -> dict[str, Any]:
    keys = ("kind", "severity", "count", "of", "share", "meaning", "advice")
    examples = [problem._asdict() for problem in islice(affected_rows(look, finding), EXAMPLES)]
    kept = [{key: value for key, value in told.items() if key not in ("problem", "suggestion")} for told in examples]
    return {**{key: getattr(finding, key) for key in keys}, "details": list(finding.details), "examples": kept}
