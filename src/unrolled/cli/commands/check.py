"""Labelled texts, perhaps test texts → what is wrong with them, before anything is trained."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from unrolled.cli.options import (
    LABELLED,
    AsJson,
    Force,
    source,
    with_reading,
)
from unrolled.data.source import DEFAULTS, ReadOptions


@with_reading("format", "text_column", "label_column", "delimiter", "encoding", "max_row_length")
def command(
    data: Annotated[str, typer.Argument(parser=source, metavar="DATA", help=LABELLED)],
    test: Annotated[
        str | None, typer.Option(parser=source, metavar="FILE", help="Test file to compare with DATA.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FIXES", help="CSV file of all rows to fix; - prints it."),
    ] = None,
    reading: ReadOptions = DEFAULTS,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with status 1 if there is an error or a warning.")
    ] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Check data before training: classes, lengths, garbled texts, duplicates, conflicting labels, leakage.

    With --test it also finds test rows that are in the training data, and labels that only one of the files has.
    """
    from unrolled.checks.findings.as_record import as_json as report
    from unrolled.checks.findings.run import check
    from unrolled.checks.profile.dataset_profile import profile_files
    from unrolled.cli.console import info, print_json, print_result
    from unrolled.cli.findings_table import as_text
    from unrolled.cli.fix_list import FIX_LISTS, FIXES, older_list, write_fixes
    from unrolled.prediction.answer_file import opened
    from unrolled.prediction.output_format import format_of

    format_of(output, FIX_LISTS)
    copy_to = older_list(output) if output and force else None
    with nullcontext() if output is None else opened(output, force=force, own=FIXES, copy_to=copy_to) as file:
        look = profile_files([data, test] if test else [data], replace(reading, on_warning=info))
        findings = check(look)
        written = write_fixes(file, look, findings) if file else 0
    if str(output) != "-":
        print_json(report(look, findings)) if as_json else print_result(as_text(look, findings))
    if copy_to:
        info(f"The older list, which may have been edited, is kept in {copy_to}.")
    if file:
        info(f"{written:,} rows to fix in {output}" if str(output) != "-" else f"{written:,} rows to fix")
    if strict and any(finding.severity != "note" for finding in findings):
        raise typer.Exit(1)
