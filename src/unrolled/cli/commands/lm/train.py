"""A file of plain text → the folder of a language model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.cli.options import Force, source, with_reading, with_settings
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.language_models.config import OF_THE_WINDOW
from unrolled.language_models.fit import SETTINGS
from unrolled.language_models.training_config import TrainingConfig
from unrolled.settings import settings_of

_OF_TRAINING = [*OF_THE_WINDOW, *(name for name in settings_of(TrainingConfig) if name != "random_state")]
_GROUPS = {
    "Any model": {name: setting for name, setting in SETTINGS.items() if name not in _OF_TRAINING},
    "Window model only": {name: SETTINGS[name] for name in _OF_TRAINING},
}


@with_reading("encoding", "max_row_length")
@with_settings(_GROUPS)
def command(
    corpus: Annotated[
        str, typer.Argument(parser=source, metavar="CORPUS", help="Plain text, a sentence a line; - is stdin.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="LM", help="Folder to write the model to.")],
    reading: ReadOptions = DEFAULTS,
    force: Force = False,
    **settings: Any,
) -> None:
    """Train a language model on plain text: the lecture's window model, or counted n-grams.

    A model knows the words that its corpus has --min-count times; others are read as <unk>. Blank lines are left out.
    The window model is trained until the perplexity of held-out lines stops falling, their unknown words left out of
    the mean; where --validation-fraction of the lines isn't one line, for all epochs. Ctrl-C stops early and keeps the
    best. The models that count use all lines.
    """
    from unrolled.cli.language_model import train_and_save

    train_and_save(corpus, output, settings, force=force, options=reading)
