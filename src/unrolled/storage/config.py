"""config.json ↔ everything about a model that its weights and its vocabulary don't say; a closed schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.calibration.abstention import Abstention
from unrolled.errors import SettingError
from unrolled.errors import config as errors
from unrolled.errors.language_models import is_a_language_model
from unrolled.model.encoder import Encoder
from unrolled.model.network import Network
from unrolled.model.registry import (
    EncoderChoice,
    encoder_name,
    encoder_options,
    is_linear,
    make_encoder,
    make_linear,
)
from unrolled.model.text_network import TextNetwork
from unrolled.settings import Setting, checked, settings_of
from unrolled.text.text_config import EMBEDDINGS_OF, TextConfig

FORMAT_VERSION = 1
KEYS = ("format_version", "encoder", "encoder_options", "reading", "labels")
CHANNELS = "channels"  # how config.json calls embeddings
ABSTENTION = "abstention"  # a key that only a model has that was trained to a target precision
OUTSIDE = "encoder_from_outside"  # a key that only a model has whose encoder isn't part of unrolled: true


@dataclass(frozen=True)
class Config:
    """What a model is: its encoder with all options, how it reads, its labels in the order of the logits.

    And when it answers, if it was trained to a target precision.
    """

    encoder: EncoderChoice
    encoder_options: Mapping[str, Any]
    reading: TextConfig
    labels: tuple[str, ...]
    abstention: Abstention | None = None

    @property
    def lowest_probabilities(self) -> Float64Array:
        """Return the lowest probability with which each label is answered by default: (labels,)."""
        return self.abstention.lowest(self.labels) if self.abstention else np.zeros(len(self.labels))

    def make_encoder(self) -> Encoder:
        """Make the encoder for the word vectors of this model."""
        return make_encoder(self.encoder, self.reading.vector_size, self.encoder_options)

    def network(self, words: int) -> Network:
        """Make the chain, or logistic regression, for a vocabulary of this many words."""
        if is_linear(self.encoder):
            return make_linear(self.encoder, words, len(self.labels), self.encoder_options)
        return self.text_network(words)

    def text_network(self, words: int) -> TextNetwork:
        """Make the chain for a vocabulary of this many words; logistic regression is none."""
        reading = self.reading
        return TextNetwork(words, reading.embedding_dim, reading.channels, self.make_encoder(), len(self.labels))

    def as_json(self) -> dict[str, Any]:
        """Return the contents of config.json, every default resolved."""
        name = encoder_name(self.encoder)
        options = checked(encoder_options(self.encoder), self.encoder_options, f"the encoder '{name}'")
        reading = {key: getattr(self.reading, key) for key in _reading_keys(self.encoder)}
        values = (FORMAT_VERSION, name, options, reading, list(self.labels))
        outside = {} if isinstance(self.encoder, str) else {OUTSIDE: True}
        abstention_keys = {ABSTENTION: asdict(self.abstention)} if self.abstention else {}
        return {**dict(zip(KEYS, values, strict=True)), **outside, **abstention_keys}

    @classmethod
    def from_json(cls, content: Mapping[str, Any], where: str, encoder: type[Encoder] | None = None) -> Config:
        """Read the contents of config.json; whatever isn't exactly as expected raises a FolderError.

        The class of an encoder from outside the package must be passed: nothing is imported by a name that is read.
        """
        if "language_model" in content:
            raise is_a_language_model(where)
        version = content.get("format_version")
        if version != FORMAT_VERSION or type(version) is not int:
            raise errors.other_version(where, version, FORMAT_VERSION)
        same_keys(content, (*KEYS, *(key for key in (ABSTENTION, OUTSIDE) if key in content)), where)
        choice = _choice(content, where, encoder)
        try:
            return cls._checked(content, where, choice)
        except SettingError as error:
            raise errors.wrong_setting(where, error) from None

    @classmethod
    def _checked(cls, content: Mapping[str, Any], where: str, encoder: EncoderChoice) -> Config:
        labels, name = content["labels"], encoder_name(encoder)
        sections: dict[str, Iterable[str]] = {
            "encoder_options": encoder_options(encoder),
            "reading": _reading_keys(encoder),
        }
        sections |= {ABSTENTION: settings_of(Abstention)} if ABSTENTION in content else {}
        for section, settings in sections.items():
            if not isinstance(content[section], dict):
                raise errors.wrong_type(where, section, "an object", content[section])
            same_keys(content[section], settings, f"{where}, {section}")
        if not _are_labels(labels):
            raise errors.wrong_type(where, "labels", "a list of two or more distinct texts", labels)
        options = checked(encoder_options(encoder), content["encoder_options"], f"the encoder '{name}'")
        reading = checked(reading_settings(encoder), _reading_from_json(content["reading"], where), "reading")
        abstention_keys = (
            checked(settings_of(Abstention), content[ABSTENTION], ABSTENTION) if ABSTENTION in sections else None
        )
        abstention = None if abstention_keys is None else Abstention(**abstention_keys)
        if abstention and not abstention.fits(labels):
            raise errors.wrong_type(where, ABSTENTION, "targets and thresholds of the same labels", content[ABSTENTION])
        config = cls(encoder, options, TextConfig(**reading), tuple(labels), abstention)
        config.network(1)  # refuses options that don't go together
        return config


def _choice(content: Mapping[str, Any], where: str, encoder: type[Encoder] | None) -> EncoderChoice:
    """Return the encoder that is named, or the class that is passed for it where it isn't part of the package."""
    name = content["encoder"]
    if not isinstance(name, str):
        raise errors.wrong_type(where, "encoder", "a text", name)
    if OUTSIDE not in content:
        if encoder is not None:
            raise errors.no_encoder_needed(where, name, encoder.__name__)
        return name
    if content[OUTSIDE] is not True or not name.isidentifier():
        raise errors.wrong_type(where, OUTSIDE, "true, and the name of a class", content[OUTSIDE])
    if encoder is None:
        raise errors.encoder_required(where, name)
    if encoder.__name__ != name:
        raise errors.other_encoder(where, name, encoder.__name__)
    _check_options(content["encoder_options"], where, encoder)
    return encoder


def _check_options(options: Any, where: str, encoder: type[Encoder]) -> None:
    """Raise a FolderError for options that the class doesn't take: it has changed, or is another of the same name."""
    known = encoder_options(encoder)
    if isinstance(options, Mapping) and {*options} != {*known}:
        raise errors.other_options(where, encoder.__name__, ", ".join(map(repr, sorted(options))))
    try:
        checked(known, options if isinstance(options, Mapping) else {}, encoder.__name__)
    except SettingError as error:
        raise errors.other_options(where, encoder.__name__, error.problem) from None


def reading_settings(encoder: EncoderChoice) -> Mapping[str, Setting]:
    """List how texts are read; without word vectors nothing is recorded of them."""
    settings = settings_of(TextConfig)
    return {name: settings[name] for name in ("tokens", "lowercase")} if is_linear(encoder) else settings


def _reading_keys(encoder: EncoderChoice) -> list[str]:
    """List the keys of `reading` in config.json, where embeddings are channels."""
    return [CHANNELS if name == "embeddings" else name for name in reading_settings(encoder)]


def _reading_from_json(reading: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Rename channels to embeddings."""
    if CHANNELS not in reading:
        return dict(reading)
    embeddings = EMBEDDINGS_OF.get(str(reading[CHANNELS]))
    if embeddings is None:
        raise errors.wrong_type(where, f"setting '{CHANNELS}'", f"one of {', '.join(EMBEDDINGS_OF)}", reading[CHANNELS])
    return {name: value for name, value in reading.items() if name != CHANNELS} | {"embeddings": embeddings}


def same_keys(content: Mapping[str, Any], expected: Iterable[str], where: str) -> None:
    """Raise a FolderError that names the keys that are missing or unknown."""
    if set(content) != set(expected):
        raise errors.wrong_keys(where, sorted(set(expected) - set(content)), sorted(set(content) - set(expected)))


def _are_labels(labels: Any) -> bool:
    are_texts = isinstance(labels, list) and all(isinstance(label, str) and label for label in labels)
    return are_texts and len(set(labels)) == len(labels) >= 2 and _can_be_written("".join(labels))


def _can_be_written(text: str) -> bool:
    """Lone surrogates are no UTF-8: an answer that names them could not be written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
