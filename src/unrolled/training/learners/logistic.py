"""Words of labelled texts and a run config → logistic regression on n-grams, fitted by scikit-learn.

It goes to the optimum, there being only one, so that a fit by any other solver that also goes there has the same
probabilities. A step is an iteration of Newton's method (`optim.newton`), and an epoch has one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import ClassVar

import numpy as np

from unrolled.arrays import AnyArray
from unrolled.environment.packages import SCIKIT_LEARN
from unrolled.errors import SettingError
from unrolled.errors import settings as setting_errors
from unrolled.errors import texts as errors
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.logistic import Logistic
from unrolled.model.registry import EncoderChoice, encoder_name, encoder_options, is_linear, make_linear
from unrolled.settings import settings_of
from unrolled.storage.config import Config
from unrolled.text.ngrams import count_ngrams
from unrolled.training.callback import EpochRecord
from unrolled.training.classifier_learner import ClassifierLearner, Prepared
from unrolled.training.data_config import DataConfig, examples
from unrolled.training.deadline import Deadline
from unrolled.training.examples import Examples
from unrolled.training.learner import Arrays, Limits, Place, Score, StepResult
from unrolled.training.run_config import RunConfig
from unrolled.training.split_dataset import Words
from unrolled.training.training_config import TrainingConfig

MAX_ITERATIONS = 200  # ten are usual


class LogisticLearner(ClassifierLearner):
    """Newton's method; each iteration's coefficients are kept, being nearer to the optimum than those before."""

    name = "logistic"
    package = SCIKIT_LEARN
    example = "logistic"
    settings: ClassVar = (
        *settings_of(DataConfig),
        *("tokens", "lowercase", "class_weight", "max_steps", "budget", "threads", "random_state"),
    )
    slowdown = 2.0  # the nearer the optimum, the longer

    def __init__(self, network: Logistic, texts: Examples, dev: Examples, plan: TrainingConfig) -> None:
        """Begin with coefficients of 0."""
        from unrolled.training.optim.newton import Newton

        self.texts, self.dev, self.plan = texts, dev, plan
        self.limits = Limits(MAX_ITERATIONS, 1, plan.max_steps, to_optimum=True)
        self.newton = Newton(network, texts, dev, class_weight=plan.class_weight)

    @classmethod
    def trains(cls, encoder: EncoderChoice, optimizer: object) -> bool:
        """Train linear models, which have one optimum."""
        del optimizer
        return is_linear(encoder)

    @classmethod
    def inapplicable(cls, encoder: EncoderChoice, name: str, value: object) -> SettingError:
        """Return the error of a setting of embeddings or of training step by step."""
        known = [*(setting for setting in cls.settings), *encoder_options(encoder)]
        return setting_errors.setting_of_neural_training(encoder_name(encoder), name, value, known)

    @classmethod
    def prepare(
        cls, run_config: RunConfig, training: Words, dev: Words, classes: Sequence[str], deadline: Deadline
    ) -> Prepared:
        """Number the n-grams, and begin with 0 or with a base model's coefficients."""
        began = deadline.clock()
        vocabulary = run_config.vocabulary(count_ngrams(training[0], *run_config.encoder_options["ngram_range"]))
        deadline.reject_late()
        network = make_linear(
            encoder_name(run_config.encoder), len(vocabulary), len(classes), run_config.encoder_options
        )
        seen, held_out = (examples(*part, network, vocabulary, classes) for part in (training, dev))
        deadline.reject_late()
        missing = set(range(len(classes))) - set(seen.labels.tolist())
        if missing and not run_config.start:
            raise errors.labels_only_held_out([classes[number] for number in sorted(missing)])
        learner = cls(network, seen, held_out, run_config.plan)
        if run_config.start:
            learner.newton.begin(run_config.start.weights(classes, learner.newton.weights))
        # Answering reads texts about as this did, far slower than an iteration reads its matrix.
        deadline.read_after((deadline.clock() - began) / max(1, int(seen.words.sum())))
        config = Config(run_config.encoder, run_config.encoder_options, run_config.reading, tuple(classes))
        return Prepared(learner, config, vocabulary)

    def threads(self) -> AbstractContextManager[None]:
        """Limit scikit-learn's libraries to the threads of the settings."""
        from threadpoolctl import threadpool_limits

        return threadpool_limits(self.plan.threads)  # type: ignore[no-any-return]

    def begin_epoch(self, epoch: int) -> None:
        """Every iteration reads all texts."""

    def step(self, place: Place) -> StepResult | None:
        """Take an iteration, the loss being taken before it as for a network, or see that none is left."""
        del place
        loss = float(cross_entropy(self.newton.logits, self.texts.labels))
        return StepResult(loss, int(self.texts.words.sum())) if self.newton.step() else None

    def evaluate(self, number: int, pause: Callable[[], None]) -> Score:
        """Score the present coefficients, which takes no time worth a pause."""
        del number, pause
        logits = self.newton.dev_logits
        accuracy = float(np.mean(logits.argmax(axis=1) == self.dev.labels))
        return Score(float(cross_entropy(logits, self.dev.labels)), accuracy)

    def is_better(self, score: Score, history: Sequence[EpochRecord]) -> bool:
        """Prefer the later iteration: dev texts choose nothing."""
        del score, history
        return True

    def keep(self) -> None:
        """The present coefficients are the best."""

    def best_weights(self) -> dict[str, AnyArray]:
        """Return the present coefficients."""
        return {name: weight.astype("f4") for name, weight in self.newton.weights.items()}

    def state_dict(self) -> Arrays:
        """Return the coefficients; idf is a function of the texts."""
        return {name: self.newton.weights[name] for name in ("W", "b")}

    def load_state_dict(self, arrays: Arrays) -> None:
        """Restore them."""
        self.newton.resume(arrays["W"], arrays["b"])
