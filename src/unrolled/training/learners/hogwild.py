"""Words of labelled texts and a run config → averaged n-grams without hidden layers, trained text by text, no torch.

Stochastic gradient descent as fastText's (`kernels.compiled.hogwild`), the learning rate falling in a line over all
epochs. Embeddings begin at 0, so that an n-gram never seen in training counts as nothing; the classifier's first
weights are random. Of long texts n-grams are left out with the probability `embedding_dropout`, others in each epoch.
The best epoch is the last whose dev accuracy is within a standard error of the highest, as its rate is smaller. A step
is a piece of an epoch, after which a budget, Ctrl-C and the plan may end the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

import numpy as np

from unrolled.arrays import AnyArray, Float32Array
from unrolled.errors import settings as errors
from unrolled.kernels.compiled.hogwild import DRAWS, BagWeights, Ragged, logits, sgd_epoch
from unrolled.kernels.run_parallel import threads
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.registry import EncoderChoice, encoder_name, encoder_names, encoder_options, is_linear
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.settings import settings_of
from unrolled.storage.config import Config
from unrolled.training.callback import EpochRecord
from unrolled.training.classifier_learner import ClassifierLearner, Prepared
from unrolled.training.data_config import DataConfig, examples
from unrolled.training.deadline import Deadline
from unrolled.training.examples import Examples
from unrolled.training.learner import Arrays, Limits, Place, Score, StepResult
from unrolled.training.run_config import RunConfig
from unrolled.training.split_dataset import Words
from unrolled.training.training_config import TrainingConfig
from unrolled.training.warm_start import BaseModel

ROWS_OF_A_STEP = 500_000  # some 20 ms


class HogwildLearner(ClassifierLearner):
    """Texts one by one, on several threads without locks (Niu et al. 2011)."""

    name = "hogwild"
    example = "ngrams --optimizer hogwild"
    encoders = ("average", "ngrams")  # whose encoding without hidden layers is the mean of the embeddings
    settings: ClassVar = (
        *settings_of(DataConfig),
        *("tokens", "lowercase", "embedding_dim", "optimizer", "max_epochs", "patience", "learning_rate"),
        *("embedding_dropout", "max_steps", "budget", "threads", "random_state"),
    )
    # Its patience never ends a run: an epoch costs little, and it is the last ones, of small rates, that gain.
    defaults: ClassVar = {"max_epochs": 10, "patience": 10, "learning_rate": 0.25}

    def __init__(self, network: TextNetwork, texts: Examples, dev: Examples, plan: TrainingConfig) -> None:
        """Begin with a table of zeros and a random classifier."""
        self.plan, self.learning_rate, self.words = plan, plan.learning_rate, int(texts.words.sum())
        self.texts, self.labels = Ragged(texts.ids, texts.starts), texts.labels
        self.dev, self.dev_labels = Ragged(dev.ids, dev.starts), dev.labels
        steps = max(1, min(len(texts), math.ceil(len(texts.ids) / ROWS_OF_A_STEP)))
        self.limits = Limits(plan.max_epochs, steps, plan.max_steps, plan.patience)
        first = initialize({"W": network.weights()["classifier.W"]}, plan.random_state)["W"]
        self.weights, self.size = BagWeights.of(network.rows, first.T), len(first)
        self.best = self.weights  # the present weights themselves, until a step changes them
        self.spare: BagWeights | None = None  # the memory of an older copy
        self.is_evaluated = False

    @classmethod
    def trains(cls, encoder: EncoderChoice, optimizer: object) -> bool:
        """Train what is asked for; `encoder_options` refuses encoders that it can't train."""
        return not is_linear(encoder) and optimizer == cls.name

    @classmethod
    def encoder_options(
        cls, encoder: EncoderChoice, options: Mapping[str, Any], start: BaseModel | None
    ) -> dict[str, Any]:
        """Leave out the hidden layers, or raise a SettingError where an encoder needs them or they were asked for."""
        if encoder not in cls.encoders:
            if not isinstance(encoder, str) or encoder in encoder_names():
                raise errors.optimizer_of_others(cls.name, cls.encoders, encoder_name(encoder))
            return dict(options)
        layers = encoder_options(encoder)["num_layers"].check(options.get("num_layers", 0))
        if layers:
            raise (errors.start_with_hidden_layers if start else errors.no_hidden_layers)(cls.name, layers)
        return {**options, "num_layers": 0}

    @classmethod
    def record(cls, plan: TrainingConfig) -> dict[str, Any]:
        """Return whether another run would have the same bits: threads meet in the weights by chance."""
        return {"repeatable": plan.threads == 1}

    @classmethod
    def prepare(
        cls, run_config: RunConfig, training: Words, dev: Words, classes: Sequence[str], deadline: Deadline
    ) -> Prepared:
        """Number the n-grams, and initialise the weights, those of a base model included."""
        vocabulary = run_config.vocabulary(training[0])
        config = Config(run_config.encoder, run_config.encoder_options, run_config.reading, tuple(classes))
        network = config.text_network(len(vocabulary))
        seen, held_out = (examples(*part, network, vocabulary, classes) for part in (training, dev))
        learner = cls(network, seen, held_out, run_config.plan)
        if run_config.start:
            learner._begin(run_config.start.weights(classes, learner.best_weights()))
        # Answering reads texts about as fast as they were read until here, far slower than training reads rows.
        deadline.read_after(deadline.elapsed / max(1, learner.words))
        return Prepared(learner, config, vocabulary)

    def _begin(self, named: Mapping[str, Float32Array]) -> None:
        self.weights.table[:, : self.size] = named["embeddings.tuned"]
        self.weights.W[:, : self.size] = named["classifier.W"].T
        self.weights.b[:] = named["classifier.b"]

    def threads(self) -> AbstractContextManager[None]:
        """Limit the kernel to the threads of the settings."""
        return threads(self.plan.threads)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffle the texts, and cut them into steps."""
        random = np.random.default_rng([self.plan.random_state, epoch])
        order, self.seed = random.permutation(len(self.texts)), int(random.integers(DRAWS))
        self.pieces = np.array_split(order, self.limits.steps_per_epoch)

    def step(self, place: Place) -> StepResult:
        """Descend text by text."""
        if self.best is self.weights and self.is_evaluated:
            self.best = self.spare = self.weights.copy(self.spare)
        texts, rates = self.pieces[place.in_epoch], self._rates(place)
        drop = self.plan.embedding_dropout
        loss = sgd_epoch(self.weights, self.texts, self.labels, texts, rates, drop=drop, seed=self.seed)
        words = self.words * len(texts) // len(self.texts)
        return StepResult(loss / len(texts), words, float(rates[-1]))

    def _rates(self, place: Place) -> Float32Array:
        """Return the learning rate of each text: (texts,)."""
        texts, before = len(self.texts), sum(map(len, self.pieces[: place.in_epoch]))
        number = (place.epoch - 1) * texts + before + np.arange(len(self.pieces[place.in_epoch]))
        return (self.plan.learning_rate * (1 - number / (self.plan.max_epochs * texts))).astype(np.float32)

    def evaluate(self, number: int, pause: Callable[[], None]) -> Score:
        """Score the present weights, which takes no time worth a pause."""
        del number, pause
        found = logits(self.weights, self.dev).astype(np.float64)
        accuracy = float(np.mean(found.argmax(axis=1) == self.dev_labels))
        return Score(float(cross_entropy(found, self.dev_labels)), accuracy)

    def is_better(self, score: Score, history: Sequence[EpochRecord]) -> bool:
        """Prefer the later epoch, unless its dev accuracy is more than a standard error below the highest so far."""
        highest = max((record.dev_accuracy or 0.0 for record in history), default=0.0)
        error = math.sqrt(highest * (1 - highest) / max(1, len(self.dev)))
        return (score.accuracy or 0.0) >= highest - error

    def keep(self) -> None:
        """Keep the present weights: they are copied by the next step."""
        self.best, self.is_evaluated = self.weights, True

    def best_weights(self) -> dict[str, AnyArray]:
        """Name the best weights as the network does."""
        return {
            "embeddings.tuned": np.ascontiguousarray(self.best.table[:, : self.size]),
            "classifier.W": np.ascontiguousarray(self.best.W[:, : self.size].T),
            "classifier.b": self.best.b,
        }

    def state_dict(self) -> Arrays:
        """Return the weights and the best so far."""
        return {**vars(self.weights), **{f"best.{name}": array for name, array in vars(self.best).items()}}

    def load_state_dict(self, arrays: Arrays) -> None:
        """Restore them."""
        self.best = self.spare = self.weights.copy(self.spare)
        for weights, prefix in ((self.best, "best."), (self.weights, "")):
            for name, array in vars(weights).items():
                np.copyto(array, arrays[f"{prefix}{name}"])
