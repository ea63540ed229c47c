"""Settings as a user names them → the checked config of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from unrolled.errors import encoders as encoder_errors
from unrolled.errors import settings as errors
from unrolled.errors import texts as text_errors
from unrolled.model.embeddings import Vectors
from unrolled.model.encoder import Encoder
from unrolled.model.outside_encoder import check_input_size
from unrolled.model.registry import (
    EncoderChoice,
    encoder_name,
    encoder_options,
    is_linear,
    make_encoder,
    make_linear,
    network_names,
    resolve_encoder,
)
from unrolled.settings import Setting, checked, settings_of
from unrolled.text.text_config import TextConfig
from unrolled.training.data_config import DataConfig
from unrolled.training.find_learner import LEARNERS, find_learner
from unrolled.training.run_config import RunConfig
from unrolled.training.training_config import TrainingConfig
from unrolled.training.warm_start import BaseModel

Part = TypeVar("Part", TextConfig, DataConfig, TrainingConfig)

DEFAULT = "cnn"  # the encoder, if nothing is said
_PLAN = settings_of(TrainingConfig)


def _of_learner(setting: Setting) -> Setting:
    """Leave a setting at none where learners have defaults of their own, and list these."""
    defaults = {_PLAN["optimizer"].default: setting.default}
    defaults |= {
        learner.name: learner.defaults[setting.name] for learner in LEARNERS if setting.name in learner.defaults
    }
    if len(defaults) == 1:
        return setting
    numbers = ", ".join(f"{setting.formatted(value)} for {name}" for name, value in defaults.items())
    return replace(setting, default=None, optional=True, meaning=f"{setting.meaning}; none: {numbers}")


SETTINGS: Mapping[str, Setting] = {
    **settings_of(TextConfig),
    **settings_of(DataConfig),
    **{name: _of_learner(setting) for name, setting in _PLAN.items()},
}


def all_options() -> dict[str, list[str]]:
    """List the options of all encoders, each with the encoders that have it."""
    owners: dict[str, list[str]] = {}
    for encoder in network_names():
        for option in encoder_options(encoder):
            owners.setdefault(option, []).append(encoder)
    return owners


def known_options(encoder: EncoderChoice) -> set[str]:
    """Return the options of all encoders, and of one from outside where that is chosen."""
    return {*all_options(), *(encoder_options(encoder) if isinstance(encoder, type) else [])}


def reject_unknown(names: Mapping[str, Any], encoder: EncoderChoice = DEFAULT) -> None:
    """Raise a SettingError for a name that is no setting and no encoder's option."""
    known = {"encoder", "vectors", "base_model", *SETTINGS, *known_options(encoder)}
    for name in names:
        if name not in known:
            raise errors.unknown_setting("TextClassifier", name, known)


def reject_taken(encoder: EncoderChoice, taken: Collection[str]) -> None:
    """Raise a SettingError for an option of an encoder from outside that has a name which the classifier uses."""
    for option in encoder_options(encoder) if isinstance(encoder, type) else []:
        if option in taken:
            raise encoder_errors.option_of_the_classifier(encoder_name(encoder), option)


def settings_for(encoder: EncoderChoice, optimizer: object = _PLAN["optimizer"].default) -> Mapping[str, Setting]:
    """List the settings, apart from its own options, that mean something to an encoder and its optimizer."""
    return {name: SETTINGS[name] for name in find_learner(encoder, optimizer).settings if name in SETTINGS}


def reject_inapplicable(encoder: EncoderChoice, settings: Mapping[str, Any]) -> None:
    """Raise a SettingError for a setting, or vectors, that mean nothing to what trains the encoder."""
    learner = find_learner(encoder, settings.get("optimizer", _PLAN["optimizer"].default))
    for name, value in settings.items():
        if name in (*SETTINGS, "vectors") and name not in learner.settings:
            raise learner.inapplicable(encoder, name, value)


def reject_conflicts(start: BaseModel, settings: Mapping[str, Any]) -> None:
    """Raise a SettingError for a setting that the model to start from has otherwise."""
    for name, value in start.settings.items():
        if settings.get(name, value) != value:
            raise errors.not_as_started(name, value, settings[name])


def _as_started(
    start: BaseModel, encoder: EncoderChoice, settings: Mapping[str, Any]
) -> tuple[EncoderChoice, Mapping[str, Any]]:
    """Fill in what the model has; what stands at its default counts as left out."""
    defaults = {"encoder": DEFAULT, **{name: setting.default for name, setting in SETTINGS.items()}}
    changed = {name: value for name, value in settings.items() if name not in defaults or value != defaults[name]}
    reject_conflicts(start, changed if encoder == DEFAULT else {**changed, "encoder": encoder})
    own, abstention = start.settings, start.model.config.abstention
    if abstention and changed.get("target_precision") is None:
        own["target_precision"] = abstention.target_precision  # or else it would be dropped in silence
    return own.pop("encoder"), {**settings, **own}


def resolve_config(
    given: EncoderChoice | Encoder, vectors: Vectors | None, settings: Mapping[str, Any], start: BaseModel | None = None
) -> RunConfig:
    """Check settings and the encoder's options together; the first impossible one raises a SettingError.

    The settings of a model to start from are taken over. Of an encoder given as an object, options are those that it
    was made with, unless they are among the settings.
    """
    encoder, made_with = resolve_encoder(given)
    settings = {**made_with, **settings}
    reject_unknown(settings, encoder)
    if start:
        encoder, settings = _as_started(start, encoder, settings)
    if vectors is not None and not isinstance(vectors, Mapping):
        raise text_errors.no_vectors(type(vectors).__name__)
    learner = find_learner(encoder, settings.get("optimizer", _PLAN["optimizer"].default))
    own = {name: value for name, value in settings.items() if name not in SETTINGS}
    own = learner.encoder_options(encoder, own, start)
    if isinstance(encoder, str):
        _make(encoder, own)
    options = checked(encoder_options(encoder), own, f"the encoder '{encoder_name(encoder)}'")
    common = checked(SETTINGS, {name: settings[name] for name in SETTINGS if name in settings}, "TextClassifier")
    changed = {name: value for name, value in common.items() if value != SETTINGS[name].default}
    reject_inapplicable(encoder, changed if vectors is None else {**changed, "vectors": vectors})
    own_defaults = {name: setting.default for name, setting in _PLAN.items()} | dict(learner.defaults)
    common |= {name: value for name, value in own_defaults.items() if common[name] is None}
    if common["target_precision"] is not None and not common["fingerprints"]:
        raise errors.target_precision_without_fingerprints()
    if common["embeddings"] == "frozen" and vectors is None and start is None:
        raise errors.frozen_without_vectors()
    reading = _part(TextConfig, common)
    if not isinstance(encoder, str):
        _make_outside(encoder, given, options, reading.vector_size)
    return RunConfig(
        encoder, options, vectors, reading, _part(DataConfig, common), _part(TrainingConfig, common), start
    )


def _make(encoder: str, options: Mapping[str, Any]) -> None:
    """Make a network of the smallest sizes, which refuses options that don't go together."""
    if is_linear(encoder):
        make_linear(encoder, 1, 2, options)
    else:
        make_encoder(encoder, 1, options)


def _make_outside(encoder: EncoderChoice, given: object, options: Mapping[str, Any], size: int) -> None:
    """Make an encoder from outside for word vectors of the real size, which it may refuse."""
    if not isinstance(given, str | type):
        check_input_size(given, size)
    make_encoder(encoder, size, options)


def _part(kind: type[Part], common: Mapping[str, Any]) -> Part:
    return kind(**{name: common[name] for name in settings_of(kind)})


def option_settings() -> dict[str, Setting]:
    """List the options of all encoders for a command line; what each encoder allows is checked by `resolve_config`."""
    settings = {}
    for name, owners in all_options().items():
        own = {owner: encoder_options(owner)[name] for owner in owners}
        defaults = "; ".join(f"{owner} {setting.formatted(setting.default)}" for owner, setting in own.items())
        meaning = next((setting.meaning for setting in own.values() if setting.meaning), "")
        settings[name] = replace(own[owners[0]], limits=None, default=defaults, meaning=meaning)
    return settings
