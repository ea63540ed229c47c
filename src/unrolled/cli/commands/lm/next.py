"""A language model and the beginning of a line → the likeliest next words."""

from __future__ import annotations

from typing import Annotated

import typer

from unrolled.cli.options import AsJson, LanguageModel, number


def command(
    model: LanguageModel,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="How a line begins, in quotes: 'I love'.")],
    top_k: Annotated[int, typer.Option(parser=number(int, 1), metavar="K", help="How many words to name.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Name the likeliest next words with their probabilities; </s> is the line's end, <unk> any unknown word."""
    from unrolled.cli.console import print_json, print_result
    from unrolled.errors import printable
    from unrolled.language_models.saved_language_model import load

    found = load(model).next_words(words, top_k)
    if as_json:
        print_json({"text": words, "next": [{"word": word, "probability": share} for word, share in found]})
        return
    for word, share in found:
        print_result(f"{share:8.4f}  {printable(word)}")
