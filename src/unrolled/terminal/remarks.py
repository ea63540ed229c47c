"""A model and the texts it reads → what a user should know of its reading: what it cuts, how far it sees."""

from __future__ import annotations

from unrolled.kernels import library
from unrolled.model.text_network import TextNetwork
from unrolled.runtime.text_model import TextModel
from unrolled.terminal.speech import say


def say_arithmetic() -> None:
    """Say which arithmetic computed what was done so far."""
    say(f"Arithmetic: {library.told()}.")


def say_receptive_field(model: TextModel) -> None:
    """Say how many words in a row are seen together, where that is neither one nor the whole text."""
    field = model.network.encoder.receptive_field if isinstance(model.network, TextNetwork) else None
    if field and field > 1:
        say(f"Receptive field: the {model.config.encoder} encoder sees at most {field} words in a row together.")


def say_cut(model: TextModel, cut: int) -> None:
    """Say that so many texts are longer than what the model reads of them."""
    if cut:
        texts, are = ("text", "is") if cut == 1 else ("texts", "are")
        most = model.words_read
        say(f"{cut:,} {texts} {are} longer than {most} words: only the first {most} are read (max_length).")
