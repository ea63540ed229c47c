"""Words of labelled texts and a run config → a network trained step by step with torch."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

import numpy as np

from unrolled.arrays import AnyArray
from unrolled.environment.packages import TORCH
from unrolled.errors import settings as setting_errors
from unrolled.errors import texts as errors
from unrolled.model import embeddings
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.embeddings import channel_names
from unrolled.model.registry import EncoderChoice, encoder_options, is_linear
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.settings import settings_of
from unrolled.storage.config import Config
from unrolled.text.length_buckets import length_buckets
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.bucketed_batches import bucketed_batches
from unrolled.training.callback import EpochRecord
from unrolled.training.classifier_learner import ClassifierLearner, Prepared
from unrolled.training.data_config import DataConfig, examples
from unrolled.training.deadline import Deadline
from unrolled.training.examples import Examples, balanced
from unrolled.training.learner import Arrays, Limits, Place, Score, StepResult
from unrolled.training.optim.schedule import factor
from unrolled.training.run_config import RunConfig
from unrolled.training.split_dataset import Words
from unrolled.training.training_config import TrainingConfig


class NetworkLearner(ClassifierLearner):
    """Batches of texts of similar length, AdamW, and a mean of the weights over the evaluations."""

    name = "adamw"
    package = TORCH
    settings: ClassVar = (*settings_of(TextConfig), *settings_of(DataConfig), *settings_of(TrainingConfig), "vectors")

    def __init__(
        self,
        network: TextNetwork,
        weights: Mapping[str, AnyArray],
        texts: Examples,
        dev: Examples,
        plan: TrainingConfig,
    ) -> None:
        """Begin with these weights."""
        from unrolled.training.state import StepState

        steps = math.ceil(len(texts) / plan.batch_size)
        self.limits = Limits(plan.max_epochs, steps, plan.max_steps, plan.patience)
        self.texts, self.dev, self.plan, self.learning_rate = texts, dev, plan, plan.learning_rate
        self.class_weight = balanced(texts.labels, network.classes) if plan.class_weight == "balanced" else None
        with self.threads():
            self.state = StepState(network, weights, plan)
        self.best, self.evaluated = dict(weights), dict[str, Any]()

    @classmethod
    def trains(cls, encoder: EncoderChoice, optimizer: object) -> bool:
        """Train every encoder, unless another optimizer is asked for."""
        return not is_linear(encoder) and optimizer == cls.name

    @classmethod
    def prepare(
        cls, run_config: RunConfig, training: Words, dev: Words, classes: Sequence[str], deadline: Deadline
    ) -> Prepared:
        """Number the words, and initialise the weights, those of given vectors and of a base model included."""
        del deadline
        vocabulary = run_config.vocabulary(training[0])
        config = Config(run_config.encoder, run_config.encoder_options, run_config.reading, tuple(classes))
        network = config.text_network(len(vocabulary))
        weights = initialize(network.weights(), run_config.plan.random_state)
        weights |= _given(run_config, vocabulary, network.rows)
        if run_config.start:
            weights = run_config.start.weights(classes, weights)
        seen, held_out = (examples(*part, network, vocabulary, classes) for part in (training, dev))
        _check_filters(run_config, int(seen.words.max()))
        return Prepared(cls(network, weights, seen, held_out, run_config.plan), config, vocabulary)

    def threads(self) -> AbstractContextManager[None]:
        """Limit torch and the kernels to the threads of the settings."""
        from unrolled.training.threads import threads

        return threads(self.plan.threads)

    def begin_epoch(self, epoch: int) -> None:
        """Draw the epoch's batches."""
        self.evaluated = {}
        self.batches = bucketed_batches(self.texts.lengths, self.plan.batch_size, self.plan.random_state, epoch)

    def step(self, place: Place) -> StepResult:
        """Take the optimizer's step on a batch; where the loss isn't finite nothing moves."""
        rows = self.batches[place.in_epoch]
        rate = self.plan.learning_rate * factor(self.plan.schedule, place.step, self.limits.planned_steps)
        loss = self.state.step(place.step, *self.texts.batch(rows), rate, self.class_weight)
        return StepResult(loss, int(self.texts.words[rows].sum()), rate)

    def evaluate(self, number: int, pause: Callable[[], None]) -> Score:
        """Score the mean of the weights over all evaluations, and count these in."""
        self.evaluated = dict(self.state.eval_weights(number))
        loss, right, texts = 0.0, 0, len(self.dev)
        for rows in length_buckets(self.dev.lengths):
            pause()
            ids, lengths, labels = self.dev.batch(rows)
            logits = self.state.logits(ids, lengths, self.evaluated)
            loss += float(cross_entropy(logits.astype("f8"), labels)) * len(rows)
            right += int((logits.argmax(1) == labels).sum())
        self.state.ema.update(number)
        return Score(loss / texts, right / texts)

    def is_better(self, score: Score, history: Sequence[EpochRecord]) -> bool:
        """Prefer the higher dev accuracy, then the lower dev loss."""
        return all(_order(score.accuracy, score.loss) > _order(r.dev_accuracy, r.dev_loss) for r in history)

    def keep(self) -> None:
        """Copy the weights that were evaluated out."""
        self.best = dict(self.state.copy(self.evaluated))

    def best_weights(self) -> dict[str, AnyArray]:
        """Return the weights that scored best."""
        return self.best

    def before_evaluation(self) -> Arrays:
        """Copy what applying all weight decay changes."""
        return self.state.pending_decay()

    def state_dict(self) -> Arrays:
        """Return the weights, the optimizer's and the mean's arrays, and the best weights, without frozen tables."""
        best = {f"best.{name}": array for name, array in self.best.items() if name not in self.state.static}
        return {**self.state.arrays(), **best}

    def load_state_dict(self, arrays: Arrays) -> None:
        """Restore them."""
        self.best |= {name: arrays[f"best.{name}"] for name in self.best if name not in self.state.static}
        self.state.restore(arrays)


def _order(accuracy: float | None, loss: float | None) -> tuple[float, float]:
    return accuracy or 0.0, -(loss or 0.0)


def _check_filters(run_config: RunConfig, longest: int) -> None:
    """Refuse filters, unless they are the default's, that no text is long enough for: they would see zeros."""
    known = run_config.encoder_options if isinstance(run_config.encoder, str) else {}
    chosen = known.get("filter_sizes", (0,))
    if max(chosen) > longest and chosen != encoder_options(run_config.encoder)["filter_sizes"].default:
        raise setting_errors.filter_beyond_texts(max(chosen), longest)


def _given(run_config: RunConfig, vocabulary: Vocabulary, rows: int) -> dict[str, AnyArray]:
    """Make the embedding tables from given vectors."""
    if run_config.vectors is None:
        return {}
    size = run_config.reading.embedding_dim
    for word in vocabulary.words:
        if word in run_config.vectors:
            _check_vector(word, run_config.vectors[word], size)
    table = embeddings.given(vocabulary.words, run_config.vectors, size, run_config.plan.random_state, rows=rows)
    return {f"embeddings.{channel}": table for channel in channel_names(run_config.reading.channels)}


def _check_vector(word: str, vector: Any, size: int) -> None:
    numbers = np.asarray(vector)
    if numbers.ndim != 1 or numbers.dtype.kind not in "fiu" or not np.isfinite(numbers).all():
        raise errors.unusable_vector(word)
    if len(numbers) != size:
        raise errors.vectors_of_other_size(word, len(numbers), size)
