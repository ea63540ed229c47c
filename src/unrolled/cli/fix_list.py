"""Findings → a CSV with a line for every row of each, which somebody can go through and fix the data by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from unrolled.checks.findings.affected_rows import AffectedRow, affected_rows
from unrolled.checks.findings.finding import Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.prediction.answer_file import is_full
from unrolled.prediction.delimited_rows import TableWriter
from unrolled.storage.older_output import beginning, free_name

FIX_LISTS = {".csv": "csv"}  # suffixes, and the format of a fix list
FIXES = beginning(",".join(AffectedRow._fields))


def older_list(output: Path) -> Path | None:
    """Find the name under which an older list is to be kept: it is there to be edited."""
    return free_name(output) if str(output) != "-" and is_full(output) else None


def write_fixes(file: TextIO, profile: DatasetProfile, findings: Iterable[Finding]) -> int:
    """Write the rows of all findings, the most serious first, and count them; a spreadsheet runs no cell of it."""
    writer = TableWriter(file, spreadsheet_safe=True)
    writer.write(AffectedRow._fields)
    written = 0
    for finding in findings:
        for problem in affected_rows(profile, finding):
            writer.write(problem)
            written += 1
    return written
