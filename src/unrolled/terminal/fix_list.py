"""Findings → a CSV with a line for every row of each, which somebody can go through and mend the data by."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from unrolled.data.check.finding import Finding
from unrolled.data.check.look import Look
from unrolled.data.check.problems import Problem, problems


def write_fixes(file: TextIO, look: Look, findings: Iterable[Finding]) -> int:
    """Write the rows of all findings, the most serious first, and count them."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(Problem._fields)
    written = 0
    for finding in findings:
        for problem in problems(look, finding):
            writer.writerow(problem)
            written += 1
    return written
