"""The rivals of whole training: where each is written, what it needs, and which of ours is of the same kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rival:
    """A module of this folder, the kind of network in it, the packages it imports, and our kind."""

    module: str
    kind: str
    packages: tuple[str, ...]
    ours: str


RIVALS = {
    "torch, cnn": Rival("torch_script", "cnn", ("torch",), "cnn"),
    "torch, bilstm": Rival("torch_script", "bilstm", ("torch",), "lstm --bidirectional"),
    "torch, bilstm padded": Rival("torch_script", "padded", ("torch",), "lstm --bidirectional"),
    "keras, cnn": Rival("keras_networks", "cnn", ("keras", "torch"), "cnn"),
    "keras, kim": Rival("keras_networks", "kim", ("keras", "torch"), "cnn"),
    "keras, bilstm": Rival("keras_networks", "bilstm", ("keras", "torch"), "lstm --bidirectional"),
    "spacy, bow": Rival("spacy_textcat", "bow", ("spacy",), "ngrams --optimizer hogwild"),
    "spacy, ensemble": Rival("spacy_textcat", "ensemble", ("spacy",), "cnn"),
    "spacy, accuracy": Rival("spacy_textcat", "accuracy", ("spacy",), "cnn"),
}
