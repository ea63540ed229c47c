"""A language model and plain text → the perplexity of the text."""

from __future__ import annotations

from typing import Annotated

import typer

from unrolled.cli.options import AsJson, LanguageModel, source, with_reading
from unrolled.data.source import DEFAULTS, ReadOptions


@with_reading("encoding", "max_row_length")
def command(
    model: LanguageModel,
    text: Annotated[
        str, typer.Argument(parser=source, metavar="TEXT", help="Plain text, a sentence a line; - is stdin.")
    ],
    reading: ReadOptions = DEFAULTS,
    as_json: AsJson = False,
) -> None:
    """Judge a language model on plain text by its perplexity.

    exp(-mean log P) over all words and line ends. An unknown word is read as <unk> and counts with its probability; the
    second perplexity leaves unknown words out of the mean. Blank lines are left out. Infinite, in JSON null, means that
    something in the text has probability 0.
    """
    from unrolled.cli.console import print_json, print_result
    from unrolled.cli.language_model import as_text, evaluate

    perplexity = evaluate(model, text, reading)
    if as_json:
        print_json(perplexity.as_json())
    else:
        print_result(as_text(perplexity))
