"""An encoder and an optimizer, or a run config → the learner that trains it, and whether it can be used here."""

from __future__ import annotations

from unrolled.errors import MissingExtraError
from unrolled.model.registry import EncoderChoice, encoder_name
from unrolled.training.classifier_learner import ClassifierLearner
from unrolled.training.learners.hogwild import HogwildLearner
from unrolled.training.learners.logistic import LogisticLearner
from unrolled.training.learners.network import NetworkLearner
from unrolled.training.run_config import RunConfig

LEARNERS: tuple[type[ClassifierLearner], ...] = (NetworkLearner, LogisticLearner, HogwildLearner)


def find_learner(encoder: EncoderChoice, optimizer: object) -> type[ClassifierLearner]:
    """Return the learner of an encoder and an optimizer, by default the first."""
    return next((learner for learner in LEARNERS if learner.trains(encoder, optimizer)), LEARNERS[0])


def learner_of(run_config: RunConfig) -> type[ClassifierLearner]:
    """Return the learner of a run."""
    return find_learner(run_config.encoder, run_config.plan.optimizer)


def missing_package(run_config: RunConfig) -> MissingExtraError | None:
    """Return the error of what isn't installed, or is broken; it says what can be trained without."""
    learner = learner_of(run_config)
    if learner.package is None:
        return None
    others = [
        f"'{other.example}'"
        for other in LEARNERS
        if other.example and other is not learner and (other.package is None or other.package.is_installed)
    ]
    return learner.package.fault(f"training '{encoder_name(run_config.encoder)}'", others)


def reject_missing_package(run_config: RunConfig) -> None:
    """Raise that error."""
    if error := missing_package(run_config):
        raise error
