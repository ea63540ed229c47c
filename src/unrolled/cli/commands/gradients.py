"""Names of encoders, perhaps a file of labelled texts → how far back their gradients reach."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.cli.options import (
    AsJson,
    Force,
    number,
    source,
    with_reading,
    with_settings,
)
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.training.resolve_config import SETTINGS

_SETTINGS = {
    "embedding_dim": SETTINGS["embedding_dim"],
    "max_epochs": replace(SETTINGS["max_epochs"], default=3, meaning="with --data: epochs"),
    "budget": replace(SETTINGS["budget"], meaning="with --data: time limit for each network (60s, 10m)"),
    "random_state": SETTINGS["random_state"],
}


@with_reading()
@with_settings({"Networks": _SETTINGS})
def command(
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            help="Encoder and options, as for train: 'lstm --forget-gate-bias 0'; repeat it for more networks.",
            show_default="rnn, lstm and gru",
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(parser=source, metavar="FILE", help="Labelled texts to measure on, before and after training."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="Pictures: a file .svg, or a page .html.")
    ] = None,
    length: Annotated[
        int,
        typer.Option(parser=number(int, 2, 1000), metavar="N", help="Words of a text, and steps that are followed."),
    ] = 60,
    texts: Annotated[int, typer.Option(parser=number(int, 1, 10_000), metavar="N", help="Texts to measure on.")] = 64,
    hidden_size: Annotated[
        int, typer.Option(parser=number(int, 1, 10_000), metavar="N", help="Hidden size of every network.")
    ] = 128,
    reading: ReadOptions = DEFAULTS,
    force: Force = False,
    as_json: AsJson = False,
    **settings: Any,
) -> None:
    """Measure how far back gradients reach: their half-life in words, dL/dW by steps back, and the norms of layers.

    Without --data it reads random texts at the first weights. With it, texts of the file, at the first weights and
    after a short training. Networks without time, and those of several layers, are measured layer by layer.
    """
    from unrolled.cli.gradients_run import Request, show_gradients
    from unrolled.cli.sources import Sources

    sources = Sources(reading)
    settings = {name: settings.get(name, setting.default) for name, setting in _SETTINGS.items()}
    request = Request(model or ["rnn", "lstm", "gru"], data, length, texts, hidden_size, settings)
    show_gradients(request, sources, output, force=force, as_json=as_json)
