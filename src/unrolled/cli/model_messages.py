"""A model and the texts it reads → what a user should know of its reading: what it cuts, how far it sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unrolled.cli.console import info
from unrolled.kernels.compiled import library
from unrolled.model.logistic import Logistic
from unrolled.model.text_network import TextNetwork
from unrolled.prediction.text_model import TextModel
from unrolled.training.warm_start import BaseModel

SHOWN = 10  # labels
READABLE = 3  # words of an n-gram, from which their overlaps lead through a text (measured in SECURITY.md)


def report_backend() -> None:
    """Report which arithmetic computed what was done so far."""
    info(f"Backend: {library.backends_used()}.")


def report_receptive_field(model: TextModel) -> None:
    """Report how many words in a row are seen together, where that is neither one nor the whole text."""
    field = model.network.encoder.receptive_field if isinstance(model.network, TextNetwork) else None
    if field and field > 1:
        info(f"Receptive field: the {model.config.encoder} encoder sees at most {field} words in a row together.")


def report_base_model(start: BaseModel, record: Mapping[str, Any]) -> None:
    """Report what new texts brought to the model that was trained further, as training.json tells it."""
    config, words = start.model.config, f"{record['words']:,} words and {record['new_words']:,} new"
    info(f"Went on from {start.folder} ({config.encoder}): {words}, {len(config.labels)} labels{_listed(record)}.")


def _listed(record: Mapping[str, Any]) -> str:
    new, without = (record[name] for name in ("new_labels", "labels_without_new_texts"))
    more = f" and {len(new)} new ({_named(new)})" if new else ", none new"
    return more + (f"; without new texts, so that they may be forgotten: {_named(without)}" if without else "")


def _named(labels: Sequence[str]) -> str:
    return ", ".join(map(repr, labels[:SHOWN])) + (", …" if len(labels) > SHOWN else "")


def report_readable_texts(model: TextModel) -> None:
    """Warn of a folder that lists n-grams so long that, with fingerprints to test guesses by, texts can be rebuilt."""
    longest = model.config.encoder_options.get("ngram_range", (1, 1))[1]
    if isinstance(model.network, Logistic) and longest >= READABLE and model.fingerprints is not None:
        info(
            f"The model's folder lists n-grams of {longest} words and fingerprints of its texts: from both most short "
            "texts can be rebuilt. Use --no-fingerprints or shorter n-grams before passing on a model of private texts."
        )


def report_truncated(model: TextModel, cut: int) -> None:
    """Report how many texts are longer than what the model reads of them."""
    if cut:
        texts, are = ("text", "is") if cut == 1 else ("texts", "are")
        most = model.words_read
        info(f"{cut:,} {texts} {are} longer than {most} words: only the first {most} are read (max_length).")
