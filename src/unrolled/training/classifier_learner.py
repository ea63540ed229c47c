"""A way to train a classifier: which encoders and settings it has, what must be installed, and how a run begins.

Its file imports torch or scikit-learn only where a run begins, so that anything else can be asked of it without them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from unrolled.environment.packages import Package
from unrolled.errors import SettingError
from unrolled.errors import settings as errors
from unrolled.model.registry import EncoderChoice
from unrolled.storage.config import Config
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.deadline import Deadline
from unrolled.training.learner import Learner
from unrolled.training.run_config import RunConfig
from unrolled.training.split_dataset import Words
from unrolled.training.training_config import TrainingConfig
from unrolled.training.warm_start import BaseModel


class Prepared(NamedTuple):
    """A learner at its first step, and what its model needs besides the weights."""

    learner: Learner
    config: Config
    vocabulary: Vocabulary


class ClassifierLearner(Learner, ABC):
    """What is known of a way to train before a run begins."""

    name: ClassVar[str]
    package: ClassVar[Package | None] = None  # that must be installed, besides what the base needs
    example: ClassVar[str | None] = None  # a model to train with it where other learners lack their package
    settings: ClassVar[Collection[str]]  # that mean something to it, besides the encoder's options
    defaults: ClassVar[Mapping[str, Any]] = {}  # of settings whose default is another one than the plan's

    @classmethod
    @abstractmethod
    def trains(cls, encoder: EncoderChoice, optimizer: object) -> bool:
        """Return whether it is the one for an encoder and an optimizer."""

    @classmethod
    def encoder_options(
        cls, encoder: EncoderChoice, options: Mapping[str, Any], start: BaseModel | None
    ) -> dict[str, Any]:
        """Return the encoder's options as it needs them, or raise a SettingError."""
        del encoder, start
        return dict(options)

    @classmethod
    def inapplicable(cls, encoder: EncoderChoice, name: str, value: object) -> SettingError:
        """Return the error of a setting that means nothing to it."""
        del encoder
        return errors.setting_of_other_optimizer(cls.name, name, value, cls.settings)

    @classmethod
    def record(cls, plan: TrainingConfig) -> dict[str, Any]:
        """Return what training.json has of a run by this learner alone."""
        del plan
        return {}

    @classmethod
    @abstractmethod
    def prepare(
        cls, run_config: RunConfig, training: Words, dev: Words, classes: Sequence[str], deadline: Deadline
    ) -> Prepared:
        """Convert words to ids and initialise the weights."""
