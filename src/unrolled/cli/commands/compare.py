"""A file of labelled texts → every network trained on it, judged on the same texts, and which one to take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unrolled.cli.options import (
    LABELLED,
    Budget,
    Force,
    Threads,
    number,
    source,
    with_reading,
)
from unrolled.data.source import DEFAULTS, ReadOptions


@with_reading()
def command(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(parser=source, metavar="TRAIN", help=LABELLED)],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for compare.html, compare.json and models.")
    ],
    test: Annotated[
        str | None,
        typer.Option(parser=source, metavar="FILE", help="Test file for all models (default: a fifth of TRAIN)."),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(parser=number(int, 2, 100), metavar="N", help="Cross-validate with N folds instead."),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            help="Encoder and options, as for train: 'lstm --bidirectional'; repeat it for more models.",
            show_default="all encoders",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option(parser=number(int, 1, 100), metavar="N", help="Runs of each model, with different seeds.")
    ] = 3,
    budget: Budget = None,
    margin: Annotated[
        float,
        typer.Option(
            parser=number(float, 0, 100), metavar="X", help="Points of test accuracy that a cheaper model may lose."
        ),
    ] = 1.0,
    threads: Threads = 1,
    reading: ReadOptions = DEFAULTS,
    force: Force = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep the finished runs in DIR and start the others.")
    ] = False,
) -> None:
    """Compare models: train and test each on the same texts, and recommend one.

    The model of the highest validation accuracy is selected. The recommendation is the cheapest model (by size times
    latency) that, with 95 % confidence, loses no more than --margin points of test accuracy against the selected one.

    With --budget 10m the comparison ends after ten minutes; models that were not finished by then are marked. Ctrl-C
    keeps the finished runs, for --resume.
    """
    from unrolled.cli.comparison_run import Request, compare
    from unrolled.cli.model_spec import parse_candidates
    from unrolled.cli.sources import Sources

    sources = Sources(reading)
    models = parse_candidates(model or ["all"])
    request = Request(data, test, folds, models, seeds, budget, margin / 100, threads, ctx.obj)
    compare(request, sources, output, force=force, resume=resume)
