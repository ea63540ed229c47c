"""A model folder and texts → one answer a row, in the order of the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, get_args

import typer

from unrolled.cli.options import (
    CacheMemory,
    Force,
    Threads,
    model_folder,
    number,
    one_of,
    source,
    with_reading,
)
from unrolled.data.read import titles
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.errors.output import only_in_tables
from unrolled.prediction.output_format import ANSWERS, OutputFormat, format_of


@with_reading("format", "text_column", "delimiter", "encoding", "max_row_length")
def command(
    model: Annotated[Path, typer.Argument(parser=model_folder, metavar="MODEL", help="Folder that `train` wrote.")],
    data: Annotated[
        str,
        typer.Argument(
            parser=source,
            metavar="FILE",
            help=f"Texts: {titles(labels=False)}; - is standard input, one text a line.",
        ),
    ] = "-",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="Output file (default: standard output).")
    ] = None,
    reading: ReadOptions = DEFAULTS,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(
            parser=one_of(get_args(OutputFormat)),
            metavar="|".join(get_args(OutputFormat)),
            help="Output format (default: by the suffix of OUT, else jsonl).",
        ),
    ] = None,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe", help="Escape cells of csv and tsv that a spreadsheet would run as formulas."
        ),
    ] = False,
    keep_columns: Annotated[str, typer.Option(metavar="id,date", help="Input columns to copy to the output.")] = "",
    top_k: Annotated[
        int | None, typer.Option(parser=number(int, 1), metavar="K", help="Also the K most likely labels.")
    ] = None,
    all_probabilities: Annotated[
        bool, typer.Option("--all-probabilities", help="Also the probabilities of all labels.")
    ] = False,
    min_probability: Annotated[
        float | None,
        typer.Option(
            parser=number(float, 0, 1),
            metavar="X",
            show_default="as the model was trained, else 0",
            help="Minimum probability of an answer; below it the label is null.",
        ),
    ] = None,
    threads: Threads = 1,
    cache_memory: CacheMemory = 256 * 2**20,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with status 1 if any row could not be read (default: only if none could)."),
    ] = False,
    force: Force = False,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted run of this command.")] = False,
) -> None:
    """Predict the label of every row, one JSON line each: {"row", "label", "probability"}, or {"row", "error"}.

    A model that was trained with --target-precision abstains (label null) where it is not sure enough.
    Rows are read 1,024 at a time. OUT appears when it is complete; after an interruption the same command with --resume
    writes the same bytes as an uninterrupted run.
    """
    form = format_of(output, ANSWERS, output_format)
    if spreadsheet_safe and form == "jsonl":
        raise only_in_tables()
    from unrolled.environment.numpy_threads import import_numpy

    import_numpy(threads)
    from unrolled.cli.console import info
    from unrolled.cli.predict_run import PredictRun
    from unrolled.data.read import read
    from unrolled.kernels import run_parallel
    from unrolled.prediction.saved_model import load
    from unrolled.prediction.stream import AnswerOptions

    columns = tuple(name for name in keep_columns.split(",") if name)
    text_model = load(model, cache_memory=cache_memory)
    wanted = AnswerOptions(columns, top_k, all_probabilities, min_probability)
    answering = PredictRun(text_model, wanted, form, spreadsheet_safe)
    rows = read(data, replace(reading, label_column=None, on_warning=info), columns)
    with run_parallel.threads(threads):
        counts = answering.write(rows, output, force=force, resume=resume)
    if counts.bad and (strict or counts.bad == counts.rows):  # where no row was answered, nothing was done
        raise typer.Exit(1)
