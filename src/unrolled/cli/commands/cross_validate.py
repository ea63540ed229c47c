"""A file of labelled texts → how good such models are, each tested on the fold that it wasn't trained on."""

from __future__ import annotations

from typing import Annotated

import typer

from unrolled.cli.options import LABELLED, AsJson, Threads, number, source, with_reading
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.training.resolve_config import DEFAULT


@with_reading()
def command(
    data: Annotated[str, typer.Argument(parser=source, metavar="DATA", help=LABELLED)],
    model: Annotated[
        str, typer.Option(metavar="WORDS", help="Encoder and options, as for train: 'lstm --bidirectional'.")
    ] = DEFAULT,
    folds: Annotated[int, typer.Option(parser=number(int, 2, 1000), metavar="N", help="Number of folds.")] = 5,
    threads: Threads = 1,
    reading: ReadOptions = DEFAULTS,
    as_json: AsJson = False,
) -> None:
    """Cross-validate a model: train it on all folds but one, test it on that one, for each fold.

    Every text is tested once, by a model that has not seen it; equal texts are in one fold.
    """
    from unrolled.cli.cross_validation import Request, show_cross_validation
    from unrolled.cli.sources import Sources

    show_cross_validation(Request(model, folds, threads), data, Sources(reading), as_json=as_json)
