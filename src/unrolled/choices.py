"""Settings as a user names them → the checked choices of a run, each with the part that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from unrolled.errors import settings as errors
from unrolled.errors import texts as text_errors
from unrolled.model.embeddings import Vectors
from unrolled.model.find_encoder import LOGISTIC, encoder_options, make_encoder, make_logistic, network_names
from unrolled.model.reading import Reading
from unrolled.settings import Setting, checked, settings_of
from unrolled.training.plan import Plan
from unrolled.training.preparation import Preparation

Part = TypeVar("Part", Reading, Preparation, Plan)

SETTINGS: Mapping[str, Setting] = {**settings_of(Reading), **settings_of(Preparation), **settings_of(Plan)}

# All that logistic regression is told; the other settings are of embeddings and of training step by step.
_OF_LOGISTIC: tuple[str, ...] = (
    *settings_of(Preparation),
    *("tokens", "lowercase", "class_weight", "max_steps", "budget", "threads", "random_state"),
)


@dataclass(frozen=True)
class Choices:
    """What was chosen, every default resolved."""

    encoder: str
    encoder_options: Mapping[str, Any]
    vectors: Vectors | None
    reading: Reading
    preparation: Preparation
    plan: Plan


def all_options() -> dict[str, list[str]]:
    """List the options of all encoders, each with the encoders that have it."""
    owners: dict[str, list[str]] = {}
    for encoder in network_names():
        for option in encoder_options(encoder):
            owners.setdefault(option, []).append(encoder)
    return owners


def refuse_unknown(names: Mapping[str, Any]) -> None:
    """Raise a SettingError for a name that is no setting and no encoder's option."""
    known = {"encoder", "vectors", *SETTINGS, *all_options()}
    for name in names:
        if name not in known:
            raise errors.unknown_setting("TextClassifier", name, known)


def settings_for(encoder: str) -> Mapping[str, Setting]:
    """List the settings, beside its own options, that mean something to an encoder."""
    return {name: SETTINGS[name] for name in _OF_LOGISTIC} if encoder == LOGISTIC else SETTINGS


def refuse_meaningless(encoder: str, settings: Mapping[str, Any]) -> None:
    """Raise a SettingError for a setting of neural training, or for vectors, where the encoder is no neural network."""
    if encoder == LOGISTIC:
        for name, value in settings.items():
            if name in (*SETTINGS, "vectors") and name not in _OF_LOGISTIC:
                known = [*_OF_LOGISTIC, *encoder_options(encoder)]
                raise errors.setting_of_neural_training(encoder, name, value, known)


def choose(encoder: str, vectors: Vectors | None, settings: Mapping[str, Any]) -> Choices:
    """Check settings and the encoder's options together; the first impossible one raises a SettingError."""
    refuse_unknown(settings)
    if vectors is not None and not isinstance(vectors, Mapping):
        raise text_errors.no_vectors(type(vectors).__name__)
    own = {name: value for name, value in settings.items() if name not in SETTINGS}
    _make(encoder, own)
    options = checked(encoder_options(encoder), own, f"the encoder '{encoder}'")
    common = checked(SETTINGS, {name: settings[name] for name in SETTINGS if name in settings}, "TextClassifier")
    changed = {name: value for name, value in common.items() if value != SETTINGS[name].default}
    refuse_meaningless(encoder, changed if vectors is None else {**changed, "vectors": vectors})
    return Choices(encoder, options, vectors, _part(Reading, common), _part(Preparation, common), _part(Plan, common))


def _make(encoder: str, options: Mapping[str, Any]) -> None:
    """Make a network of the smallest sizes, which refuses options that don't go together."""
    if encoder == LOGISTIC:
        make_logistic(1, 2, options)
    else:
        make_encoder(encoder, 1, options)


def _part(kind: type[Part], common: Mapping[str, Any]) -> Part:
    return kind(**{name: common[name] for name in settings_of(kind)})


def option_settings() -> dict[str, Setting]:
    """List the options of all encoders for a command line; what each encoder allows is checked by `choose`."""
    settings = {}
    for name, owners in all_options().items():
        own = {owner: encoder_options(owner)[name] for owner in owners}
        defaults = "; ".join(f"{owner} {setting.spelt(setting.default)}" for owner, setting in own.items())
        meaning = next((setting.meaning for setting in own.values() if setting.meaning), "")
        settings[name] = replace(own[owners[0]], limits=None, default=defaults, meaning=meaning)
    return settings
