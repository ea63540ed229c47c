"""A file of labelled texts → a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.cli.options import (
    CheckpointEvery,
    Delimiter,
    Encoding,
    Force,
    Format,
    LabelColumn,
    MaxRowLength,
    SkipBadRows,
    TextColumn,
    model_folder,
    source,
    with_settings,
)
from unrolled.data.source import MAX_ROW_LENGTH
from unrolled.model.registry import network_names
from unrolled.settings import settings_of
from unrolled.text.text_config import TextConfig
from unrolled.training.run_config import DEFAULT, SETTINGS, option_settings

_GROUPS = {
    "Reading": {name: SETTINGS[name] for name in settings_of(TextConfig)},
    "Training": {name: setting for name, setting in SETTINGS.items() if name not in settings_of(TextConfig)},
    "Options of encoders": option_settings(),
}


@with_settings(_GROUPS)
def command(
    ctx: typer.Context,
    data: Annotated[
        str,
        typer.Argument(
            parser=source, metavar="TRAIN", help="CSV, TSV, JSON Lines, Parquet, fastText lines, or a folder by class."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="Folder to write the model to.")],
    encoder: Annotated[
        str | None, typer.Option(help=f"Network: {', '.join(network_names())}.", show_default=DEFAULT)
    ] = None,
    base_model: Annotated[
        Path | None,
        typer.Option(
            parser=model_folder, metavar="MODEL", help="Model to go on from, with new texts, words and labels."
        ),
    ] = None,
    dev: Annotated[
        str | None,
        typer.Option(
            parser=source,
            metavar="FILE",
            help="Validation texts, which choose the epoch; else some are held out of TRAIN.",
        ),
    ] = None,
    test: Annotated[
        str | None, typer.Option(parser=source, metavar="FILE", help="Texts to judge the trained model on.")
    ] = None,
    format: Format = None,  # noqa: A002
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    skip_bad_rows: SkipBadRows = False,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    max_row_length: MaxRowLength = MAX_ROW_LENGTH,
    force: Force = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was ended, from its checkpoint.")
    ] = False,
    checkpoint_every: CheckpointEvery = 60.0,
    **settings: Any,
) -> None:
    """Train a classifier on a file of labelled texts and write it as a model folder.

    A run that is killed goes on with the same command and --resume, to the same bits. Ctrl-C stops early and keeps the
    model so far. With --budget 60s training stops in time for evaluation and saving; --max-steps with the number
    of steps that were reached repeats such a run exactly.

    Habits are understood: -lr, -epoch, -dim, -minCount, -wordNgrams 2, -bucket and -thread of fastText, --random_state
    and --n_jobs of scikit-learn, --epochs and --validation_split of Keras; underscores for dashes anywhere.
    """
    from unrolled.cli.run_folder import RunFolder
    from unrolled.cli.sources import Sources
    from unrolled.cli.train_run import Files, train_and_save

    sources = Sources(format, text_column, label_column, skip_bad_rows, encoding, max_row_length, delimiter)
    files, place = Files(data, dev, test), RunFolder(output, force, resume, checkpoint_every)
    train_and_save(encoder, settings, files, sources, place, started=ctx.obj, base_model=base_model)
