"""Settings as a user names them → the checked config of a run, each with the part that needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from unrolled.environment.packages import SCIKIT_LEARN, TORCH, Package
from unrolled.errors import MissingExtraError
from unrolled.errors import settings as errors
from unrolled.errors import texts as text_errors
from unrolled.model.embeddings import Vectors
from unrolled.model.encoder import words_read
from unrolled.model.registry import LOGISTIC, encoder_names, encoder_options, make_encoder, make_logistic, network_names
from unrolled.prediction.saved_model import refuse_large_vocabulary
from unrolled.settings import Setting, checked, settings_of
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.data_config import DataConfig
from unrolled.training.training_config import TrainingConfig
from unrolled.training.warm_start import BaseModel

Part = TypeVar("Part", TextConfig, DataConfig, TrainingConfig)

DEFAULT = "cnn"  # the encoder, if nothing is said
HOGWILD = "hogwild"
HOGWILD_ENCODERS = ("average", "ngrams")

# What hogwild has where AdamW has the plan's defaults; so these are by default None, resolved by `choose`. Its patience
# never ends a run: an epoch costs little, and it is the last ones, of small rates, that gain.
_OF_OPTIMIZER: Mapping[str, Any] = {"max_epochs": 10, "patience": 10, "learning_rate": 0.25}


def _of_optimizer(name: str, setting: Setting) -> Setting:
    numbers = f"{setting.spelt(setting.default)} for adamw, {setting.spelt(_OF_OPTIMIZER[name])} for {HOGWILD}"
    return replace(setting, default=None, optional=True, meaning=f"{setting.meaning}; none: {numbers}")


_PLAN = settings_of(TrainingConfig)
SETTINGS: Mapping[str, Setting] = {
    **settings_of(TextConfig),
    **settings_of(DataConfig),
    **_PLAN,
    **{name: _of_optimizer(name, _PLAN[name]) for name in _OF_OPTIMIZER},
}

# All that logistic regression is told; the other settings are of embeddings and of training step by step.
_OF_LOGISTIC: tuple[str, ...] = (
    *settings_of(DataConfig),
    *("tokens", "lowercase", "class_weight", "max_steps", "budget", "threads", "random_state"),
)
_OF_HOGWILD: tuple[str, ...] = (
    *settings_of(DataConfig),
    *("tokens", "lowercase", "embedding_dim", "optimizer", "max_epochs", "patience", "learning_rate"),
    *("embedding_dropout", "max_steps", "budget", "threads", "random_state"),
)


@dataclass(frozen=True)
class RunConfig:
    """What was chosen, every default resolved."""

    encoder: str
    encoder_options: Mapping[str, Any]
    vectors: Vectors | None
    reading: TextConfig
    preparation: DataConfig
    plan: TrainingConfig
    start: BaseModel | None = None

    @property
    def package(self) -> Package | None:
        """Return what must be installed to train, besides what the base needs."""
        if self.encoder == LOGISTIC:
            return SCIKIT_LEARN
        return None if self.plan.optimizer == HOGWILD else TORCH

    def missing_package(self) -> MissingExtraError | None:
        """Return the error of what isn't installed, or is broken; it says what can be trained without."""
        if self.package is None:
            return None
        others = [f"'{HOGWILD_ENCODERS[-1]} --optimizer {HOGWILD}'"]
        if self.package is not SCIKIT_LEARN and SCIKIT_LEARN.is_installed:
            others.insert(0, f"'{LOGISTIC}'")
        return self.package.fault(f"training '{self.encoder}'", others)

    def refuse_missing_package(self) -> None:
        """Raise that error."""
        if error := self.missing_package():
            raise error

    @property
    def words_read(self) -> int | None:
        """How many of a text's words the encoder reads, from the first; None for all."""
        return words_read(None if self.encoder == LOGISTIC else make_encoder(self.encoder, 1, self.encoder_options))

    def vocabulary(self, texts: Iterable[Sequence[str]] | Counter[str]) -> Vocabulary:
        """Know the words of the training texts, or their words as counted, behind those of a model to start from.

        Raises:
            DataError: there are more than a model's folder can hold.
        """
        known = self.preparation.vocabulary(texts)
        if self.start:
            known = self.start.vocabulary(known, self.preparation.max_features)
        refuse_large_vocabulary(known.words)
        return known


def all_options() -> dict[str, list[str]]:
    """List the options of all encoders, each with the encoders that have it."""
    owners: dict[str, list[str]] = {}
    for encoder in network_names():
        for option in encoder_options(encoder):
            owners.setdefault(option, []).append(encoder)
    return owners


def reject_unknown(names: Mapping[str, Any]) -> None:
    """Raise a SettingError for a name that is no setting and no encoder's option."""
    known = {"encoder", "vectors", "base_model", *SETTINGS, *all_options()}
    for name in names:
        if name not in known:
            raise errors.unknown_setting("TextClassifier", name, known)


def settings_for(encoder: str, optimizer: str = "adamw") -> Mapping[str, Setting]:
    """List the settings, beside its own options, that mean something to an encoder and its optimizer."""
    names = _OF_LOGISTIC if encoder == LOGISTIC else _OF_HOGWILD if optimizer == HOGWILD else SETTINGS
    return {name: SETTINGS[name] for name in names}


def reject_inapplicable(encoder: str, settings: Mapping[str, Any]) -> None:
    """Raise a SettingError for a setting, or vectors, that mean nothing to the encoder or to the chosen optimizer."""
    optimizer = HOGWILD if settings.get("optimizer") == HOGWILD else "adamw"
    meant = settings_for(encoder, optimizer)
    for name, value in settings.items():
        if name in (*SETTINGS, "vectors") and name not in meant and (encoder == LOGISTIC or optimizer == HOGWILD):
            if encoder == LOGISTIC:
                raise errors.setting_of_neural_training(encoder, name, value, [*meant, *encoder_options(encoder)])
            raise errors.setting_of_other_optimizer(optimizer, name, value, meant)


def reject_conflicts(start: BaseModel, settings: Mapping[str, Any]) -> None:
    """Raise a SettingError for a setting that the model to start from has otherwise."""
    for name, value in start.settings.items():
        if settings.get(name, value) != value:
            raise errors.not_as_started(name, value, settings[name])


def _as_started(start: BaseModel, encoder: str, settings: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Fill in what the model has; what stands at its default counts as left out."""
    defaults = {"encoder": DEFAULT, **{name: setting.default for name, setting in SETTINGS.items()}}
    changed = {name: value for name, value in settings.items() if name not in defaults or value != defaults[name]}
    reject_conflicts(start, changed if encoder == DEFAULT else {**changed, "encoder": encoder})
    own, promised = start.settings, start.model.config.abstention
    if promised and changed.get("target_precision") is None:
        own["target_precision"] = promised.target_precision  # or else a promise would be dropped in silence
    return own.pop("encoder"), {**settings, **own}


def resolve_config(
    encoder: str, vectors: Vectors | None, settings: Mapping[str, Any], start: BaseModel | None = None
) -> RunConfig:
    """Check settings and the encoder's options together; the first impossible one raises a SettingError.

    The settings of a model to start from are taken over.
    """
    reject_unknown(settings)
    if start:
        encoder, settings = _as_started(start, encoder, settings)
    if vectors is not None and not isinstance(vectors, Mapping):
        raise text_errors.no_vectors(type(vectors).__name__)
    own = {name: value for name, value in settings.items() if name not in SETTINGS}
    if settings.get("optimizer") == HOGWILD:
        own = _without_layers(encoder, own, start)
    _make(encoder, own)
    options = checked(encoder_options(encoder), own, f"the encoder '{encoder}'")
    common = checked(SETTINGS, {name: settings[name] for name in SETTINGS if name in settings}, "TextClassifier")
    changed = {name: value for name, value in common.items() if value != SETTINGS[name].default}
    reject_inapplicable(encoder, changed if vectors is None else {**changed, "vectors": vectors})
    numbers = _OF_OPTIMIZER if common["optimizer"] == HOGWILD else {name: _PLAN[name].default for name in _OF_OPTIMIZER}
    common |= {name: number for name, number in numbers.items() if common[name] is None}
    if common["target_precision"] is not None and not common["fingerprints"]:
        raise errors.target_precision_without_fingerprints()
    if common["embeddings"] == "frozen" and vectors is None and start is None:
        raise errors.frozen_without_vectors()
    parts = _part(TextConfig, common), _part(DataConfig, common), _part(TrainingConfig, common)
    return RunConfig(encoder, options, vectors, *parts, start)


def _without_layers(encoder: str, options: Mapping[str, Any], start: BaseModel | None) -> dict[str, Any]:
    """Leave out the hidden layers, or raise a SettingError where an encoder needs them or they were asked for."""
    if encoder not in HOGWILD_ENCODERS:
        if encoder in encoder_names():
            raise errors.optimizer_of_others(HOGWILD, HOGWILD_ENCODERS, encoder)
        return dict(options)
    layers = encoder_options(encoder)["num_layers"].check(options.get("num_layers", 0))
    if layers:
        raise (errors.start_with_hidden_layers if start else errors.no_hidden_layers)(HOGWILD, layers)
    return {**options, "num_layers": 0}


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
