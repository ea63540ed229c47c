"""Labelled texts, perhaps test texts beside → what is wrong with them, before anything is trained."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from unrolled.cli.options import (
    AsJson,
    Delimiter,
    Encoding,
    Force,
    Format,
    LabelColumn,
    MaxRowLength,
    TextColumn,
    source,
)
from unrolled.data.source import MAX_ROW_LENGTH


def command(
    data: Annotated[
        str,
        typer.Argument(
            parser=source, metavar="DATA", help="CSV, TSV, JSON Lines, Parquet, fastText lines, or a folder by class."
        ),
    ],
    test: Annotated[
        str | None, typer.Option(parser=source, metavar="FILE", help="Test texts, to compare with DATA.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FIXES", help="CSV of every row to mend; - prints it alone."),
    ] = None,
    format: Format = None,  # noqa: A002
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    max_row_length: MaxRowLength = MAX_ROW_LENGTH,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if there is an error or a warning.")] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Look at data before training: classes, lengths, garbled rows, duplicates, contradictions, leaks.

    With --test it also finds test rows that training has seen, and labels that only one of both files has.
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
    aside = older_list(output) if output and force else None
    with nullcontext() if output is None else opened(output, force=force, own=FIXES, aside=aside) as file:
        columns = {"format": format, "text_column": text_column, "label_column": label_column}
        options = {"delimiter": delimiter, "encoding": encoding, "max_row_length": max_row_length}
        look = profile_files([data, test] if test else [data], **columns, **options, on_warning=info)
        findings = check(look)
        written = write_fixes(file, look, findings) if file else 0
    if str(output) != "-":
        print_json(report(look, findings)) if as_json else print_result(as_text(look, findings))
    if aside:
        info(f"The older list, which may have been edited, is kept in {aside}.")
    if file:
        info(f"{written:,} rows to mend in {output}" if str(output) != "-" else f"{written:,} rows to mend")
    if strict and any(finding.severity != "note" for finding in findings):
        raise typer.Exit(1)
