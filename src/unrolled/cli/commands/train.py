"""A file of labelled texts → a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.cli.options import (
    LABELLED,
    CheckpointEvery,
    Force,
    model_folder,
    source,
    with_reading,
    with_settings,
)
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.model.registry import network_names
from unrolled.settings import settings_of
from unrolled.text.text_config import TextConfig
from unrolled.training.resolve_config import DEFAULT, SETTINGS, option_settings

_GROUPS = {
    "Text": {name: SETTINGS[name] for name in settings_of(TextConfig)},
    "Training": {name: setting for name, setting in SETTINGS.items() if name not in settings_of(TextConfig)},
    "Network": option_settings(),
}


@with_reading()
@with_settings(_GROUPS)
def command(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(parser=source, metavar="TRAIN", help=LABELLED)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="Model folder to write.")],
    encoder: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"Network: {', '.join(network_names())}.", show_default=DEFAULT)
    ] = None,
    base_model: Annotated[
        Path | None,
        typer.Option(
            parser=model_folder,
            metavar="MODEL",
            help="Model to continue training from, with new texts, words and labels.",
        ),
    ] = None,
    dev: Annotated[
        str | None,
        typer.Option(
            parser=source,
            metavar="FILE",
            help="Validation file for early stopping (default: split off from TRAIN).",
        ),
    ] = None,
    test: Annotated[
        str | None, typer.Option(parser=source, metavar="FILE", help="Test file to evaluate the trained model on.")
    ] = None,
    reading: ReadOptions = DEFAULTS,
    force: Force = False,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted run from its checkpoint.")] = False,
    checkpoint_every: CheckpointEvery = 60.0,
    **settings: Any,
) -> None:
    """Train a classifier on a file of labelled texts and write it as a model folder.

    A run that is killed continues with the same command and --resume, and ends with the same weights. Ctrl-C stops
    early and keeps the best model so far. With --budget 60s training stops in time for evaluation and saving;
    --max-steps with the number of steps that were reached repeats such a run exactly.

    Option names of fastText, scikit-learn and Keras are accepted as aliases: -lr, -epoch, -dim, -minCount,
    -wordNgrams 2, -bucket, -thread, --random_state, --n_jobs, --epochs, --validation_split; underscores work as dashes.
    """
    from unrolled.cli.run_folder import RunFolder
    from unrolled.cli.sources import Sources
    from unrolled.cli.train_run import Files, train_and_save

    sources = Sources(reading)
    files, place = Files(data, dev, test), RunFolder(output, force, resume, checkpoint_every)
    train_and_save(encoder, settings, files, sources, place, started=ctx.obj, base_model=base_model)
