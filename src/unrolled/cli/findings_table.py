"""A look at the data and its findings → plain text for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from unrolled.checks.findings.affected_rows import AffectedRow, affected_rows
from unrolled.checks.findings.as_record import classes, files
from unrolled.checks.findings.finding import SEVERITIES, Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.encoder_limits import encoder_limits, percentiles
from unrolled.formatting.truncate import width
from unrolled.reports.evaluation_table import LINE, LONGEST_LABEL, MOST_CLASSES, aligned, percent, short

EXAMPLES = 2
_INDENT = "    "


def as_text(profile: DatasetProfile, findings: Sequence[Finding]) -> str:
    """Lay out the files, the classes, the lengths and every finding."""
    parts = [
        _files(profile),
        _classes(profile),
        _lengths(profile),
        *(_finding(profile, finding) for finding in findings),
    ]
    return "\n\n".join([*(part for part in parts if part), _total(findings)])


def _files(profile: DatasetProfile) -> str:
    header = ["", "rows", "used", "bad"]
    body = [[short(records["file"], 48), *(f"{records[key]:,}" for key in header[1:])] for records in files(profile)]
    return aligned([header, *body])


def _classes(profile: DatasetProfile) -> str:
    records = classes(profile)
    totals = [max(1, each["used"]) for each in files(profile)]
    keys = ("rows", "test_rows")[: len(totals)]
    header = ["label", *(word for key in keys for word in (key.replace("_", " "), "share"))]
    body = [
        [
            short(each["label"], LONGEST_LABEL),
            *(
                word
                for key, total in zip(keys, totals, strict=True)
                for word in (f"{each[key]:,}", percent(each[key] / total))
            ),
        ]
        for each in records[:MOST_CLASSES]
    ]
    more = f"\nand {len(records) - MOST_CLASSES:,} more; --json has all" if len(records) > MOST_CLASSES else ""
    return aligned([header, *body]) + more if records else ""


def _lengths(profile: DatasetProfile) -> str:
    found = percentiles(profile.corpus.lengths)
    if not found:
        return ""
    line = f"Words a text: half have up to {found['50']:,}, 90 % up to {found['90']:,}, 99 % up to {found['99']:,}"
    lines = [f"{line}, the longest {found['100']:,}."]
    cut = [f"{read.encoder} reads the first {read.max_length:,}" for read in encoder_limits() if read.max_length]
    field = [
        f"{read.encoder} sees {read.receptive_field} in a row together"
        for read in encoder_limits()
        if not read.max_length and (read.receptive_field or 0) > 1
    ]
    return _wrapped(" ".join([*lines, f"By default {', '.join([*cut, *field])}."]), "")


def _finding(profile: DatasetProfile, finding: Finding) -> str:
    name = finding.kind.replace("_", " ")
    title = f"{finding.severity:<8} {name}"
    numbers = f"{finding.count:,} of {finding.of:,}  {percent(finding.share)}"
    lines = [title + numbers.rjust(LINE - len(title)), _wrapped(finding.meaning, _INDENT)]
    lines += [_wrapped("· " + short(detail, 400), _INDENT, more="  ") for detail in finding.details]
    for problem in islice(affected_rows(profile, finding), EXAMPLES):
        lines += _example(problem)
    return "\n".join([*lines, _wrapped("→ " + finding.advice, _INDENT, more="  ")])


def _example(problem: AffectedRow) -> Iterator[str]:
    yield _INDENT + short(f"· {problem.place}" + _other(problem), LINE - len(_INDENT))
    label = f"{short(problem.label, LONGEST_LABEL)}: " if problem.label is not None else ""
    yield _INDENT + "  " + short(label + problem.text, LINE - len(_INDENT) - 2)


def _other(problem: AffectedRow) -> str:
    if problem.other_row is None:
        return ""
    file = "" if problem.other_file == problem.file else f"{problem.other_file}, "
    label = "" if problem.other_label == problem.label else f" ({problem.other_label})"
    same = problem.similarity == 1 and "near" not in problem.problem  # "-50" has the words of "50", and is another text
    alike = "=" if same else f"{100 * (problem.similarity or 0):.0f} % like"
    return f" {alike} {file}row {problem.other_row}{label}"


def _wrapped(text: str, indent: str, *, more: str = "") -> str:
    """Break lines at spaces; `textwrap` doesn't know of characters that take two columns."""
    lines, line = list[str](), indent
    for word in text.split():
        word = short(word, LINE - len(indent + more))
        if line.strip() and width(f"{line} {word}") > LINE:
            lines.append(line)
            line = indent + more
        line += f" {word}" if line.strip() else word
    return "\n".join([*lines, line])


def _total(findings: Sequence[Finding]) -> str:
    counts = [(severity, sum(found.severity == severity for found in findings)) for severity in SEVERITIES]
    numbers = [f"{count} {severity}{'s' * (count > 1)}" for severity, count in counts if count]
    return ", ".join(numbers) if numbers else "Nothing was found."
