"""A language model and plain text → log P of every line."""

from __future__ import annotations

from typing import Annotated

import typer

from unrolled.cli.options import LanguageModel, source, with_reading
from unrolled.data.source import DEFAULTS, ReadOptions


@with_reading("encoding", "max_row_length")
def command(
    model: LanguageModel,
    text: Annotated[
        str, typer.Argument(parser=source, metavar="TEXT", help="Plain text, a sentence a line; - is stdin.")
    ],
    reading: ReadOptions = DEFAULTS,
) -> None:
    """Score every line, one JSON line each: {"text", "log_probability", "words", "unknown"}, or {"text", "error"}.

    The natural logarithm of the line's probability, its end included; null where the probability is 0. Unknown words
    are read as <unk> and counted.
    """
    from unrolled.cli.language_model import score_lines
    from unrolled.language_models.saved_language_model import load

    score_lines(load(model), text, reading)
