"""A file of labelled texts → every network trained on it, judged on the same texts, and which one to take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unrolled.cli.options import (
    Budget,
    Delimiter,
    Encoding,
    Force,
    Format,
    LabelColumn,
    MaxRowLength,
    SkipBadRows,
    TextColumn,
    Threads,
    number,
    source,
)
from unrolled.data.source import MAX_ROW_LENGTH


def command(
    ctx: typer.Context,
    data: Annotated[
        str,
        typer.Argument(
            parser=source, metavar="TRAIN", help="CSV, TSV, JSON Lines, Parquet, fastText lines, or a folder by class."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for compare.html, compare.json and models.")
    ],
    test: Annotated[
        str | None,
        typer.Option(parser=source, metavar="FILE", help="Texts to judge all models on; else a fifth is split off."),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(parser=number(int, 2, 100), metavar="N", help="Judge on each of N parts by turns instead."),
    ] = None,
    encoders: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="As lstm,cnn, or all.", show_default="all, unless --encoder is given"),
    ] = None,
    encoder: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="As for train: 'lstm --bidirectional'; give it again for more models."),
    ] = None,
    seeds: Annotated[int, typer.Option(parser=number(int, 1, 100), metavar="N", help="Trainings of each model.")] = 3,
    budget: Budget = None,
    margin: Annotated[
        float,
        typer.Option(
            parser=number(float, 0, 100), metavar="X", help="Points of test accuracy that a cheaper model may lose."
        ),
    ] = 1.0,
    threads: Threads = 1,
    format: Format = None,  # noqa: A002
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    skip_bad_rows: SkipBadRows = False,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    max_row_length: MaxRowLength = MAX_ROW_LENGTH,
    force: Force = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep the trainings that ended in DIR before, and begin the others.")
    ] = False,
) -> None:
    """Compare models: train each on the same texts, judge it on the same, and say which one to take.

    The model of the highest validation accuracy is selected. The recommendation is the smallest and quickest model
    that, with 95 % confidence, loses no more than --margin points of test accuracy against the selected one.

    With --budget 10m all is over after ten minutes: a training that the clock ended is marked unfinished. Ctrl-C keeps
    the trainings that have ended, for --resume.
    """
    from unrolled.cli.comparison_run import Request, compare
    from unrolled.cli.model_spec import parse_candidates
    from unrolled.cli.sources import Sources

    sources = Sources(format, text_column, label_column, skip_bad_rows, encoding, max_row_length, delimiter)
    models = parse_candidates("all" if encoders is None and not encoder else encoders or "", encoder or [])
    request = Request(data, test, folds, models, seeds, budget, margin / 100, threads, ctx.obj)
    compare(request, sources, output, force=force, resume=resume)
