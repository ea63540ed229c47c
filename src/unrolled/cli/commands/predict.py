"""A model folder and texts → one answer a row, in the order of the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.cli.options import (
    CacheMemory,
    Delimiter,
    Encoding,
    Force,
    Format,
    MaxRowLength,
    TextColumn,
    Threads,
    model_folder,
    number,
    source,
)
from unrolled.data.source import MAX_ROW_LENGTH
from unrolled.errors.output import only_in_tables
from unrolled.prediction.output_format import ANSWERS, OutputFormat, format_of


def command(
    model: Annotated[Path, typer.Argument(parser=model_folder, metavar="MODEL", help="Folder that `train` wrote.")],
    data: Annotated[
        str,
        typer.Argument(
            parser=source,
            metavar="FILE",
            help="CSV, TSV, JSON Lines, Parquet, fastText lines, text; - is one text a line.",
        ),
    ] = "-",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="OUT", help="File; else printed.")] = None,
    format: Format = None,  # noqa: A002
    text_column: TextColumn = "text",
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    max_row_length: MaxRowLength = MAX_ROW_LENGTH,
    output_format: Annotated[
        OutputFormat | None, typer.Option(help="By default OUT's suffix tells, below .gz or .zst, else jsonl.")
    ] = None,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option("--spreadsheet-safe", help="In csv and tsv, make cells harmless that a spreadsheet would run."),
    ] = False,
    keep_columns: Annotated[str, typer.Option(metavar="id,date", help="Columns to carry over from the input.")] = "",
    top_k: Annotated[
        int | None, typer.Option(parser=number(int, 1), metavar="K", help="Also the K likeliest labels.")
    ] = None,
    all_probabilities: Annotated[bool, typer.Option("--all-probabilities", help="Also every probability.")] = False,
    min_probability: Annotated[
        float | None,
        typer.Option(
            parser=number(float, 0, 1),
            metavar="X",
            show_default="the model's own, of train --target-precision, else 0",
            help="Below it the label is null; 0 answers all.",
        ),
    ] = None,
    threads: Threads = 1,
    cache_memory: CacheMemory = 256 * 2**20,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 if a row couldn't be read; else if none could.")
    ] = False,
    force: Force = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with OUT where a run of this command was cut off.")
    ] = False,
) -> None:
    """Name the label of every row, one JSON line each: {"row", "label", "probability"}, or {"row", "error"}.

    A model that was trained with --target-precision answers null where it isn't sure enough.
    Rows are answered 1,024 at a time, so a pipe is answered in pieces of 1,024 rows or at its end. OUT appears when it
    is whole; cut off before, the same command with --resume ends with the same bytes as a run that wasn't.
    """
    form = format_of(output, ANSWERS, output_format)
    if spreadsheet_safe and form == "jsonl":
        raise only_in_tables()
    from unrolled.environment.numpy_threads import import_numpy

    import_numpy(threads)
    from unrolled.cli.console import info
    from unrolled.cli.predict_run import PredictRun
    from unrolled.data.read import read_rows
    from unrolled.kernels import run_parallel
    from unrolled.prediction.saved_model import load
    from unrolled.prediction.stream import AnswerOptions

    kept = tuple(name for name in keep_columns.split(",") if name)
    text_model = load(model, cache_memory=cache_memory)
    wanted = AnswerOptions(kept, top_k, all_probabilities, min_probability)
    answering = PredictRun(text_model, wanted, form, spreadsheet_safe)
    columns: dict[str, Any] = {"text_column": text_column, "label_column": None, "other_columns": kept}
    options: dict[str, Any] = {"delimiter": delimiter, "encoding": encoding, "max_row_length": max_row_length}
    rows = read_rows(data, format=format, **columns, **options, on_warning=info)
    with run_parallel.threads(threads):
        counts = answering.write(rows, output, force=force, resume=resume)
    if counts.bad and (strict or counts.bad == counts.rows):  # where no row was answered, nothing was done
        raise typer.Exit(1)
