"""Words of labelled texts and a run config → averaged n-grams without hidden layers, trained text by text, no torch.

Stochastic gradient descent as fastText's (`kernels.compiled.hogwild`), the learning rate falling in a line over all
epochs. Embeddings begin at 0, so that an n-gram never seen in training counts as nothing; the classifier's first
weights are random. Of long texts n-grams are left out with the probability `embedding_dropout`, anew in each epoch.
Kept is the model of the last epoch whose dev accuracy can't be told from the best one's, as the rate is smaller then. A
step is a piece of an epoch, after which a budget, Ctrl-C and the plan may end the run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from unrolled.arrays import Float32Array, IntArray
from unrolled.kernels.compiled.hogwild import DRAWS, BagWeights, Ragged, logits, sgd_epoch
from unrolled.kernels.run_parallel import threads
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.training.callback import Callback, EpochRecord, StepMessage
from unrolled.training.checkpoints import Arrays, Checkpoints, State
from unrolled.training.data_config import examples
from unrolled.training.deadline import Deadline
from unrolled.training.examples import Examples
from unrolled.training.result import StopReason, TrainingResult
from unrolled.training.run_config import RunConfig
from unrolled.training.split_dataset import Words
from unrolled.training.trainer_state import TrainerState
from unrolled.training.training_config import TrainingConfig

Numbered = tuple[Ragged, IntArray]  # rows of texts, and their labels
ROWS_OF_A_STEP = 500_000  # some 20 ms


def learn(
    run_config: RunConfig,
    training: Words,
    dev: Words,
    classes: Sequence[str],
    watch: Deadline,
    report: Callback,
    checkpoints: Checkpoints,
) -> tuple[TextModel, TrainingResult]:
    """Number the n-grams, train, and keep the best."""
    vocabulary = run_config.vocabulary(training[0])
    config = Config(run_config.encoder, run_config.encoder_options, run_config.reading, tuple(classes))
    network = config.text_network(len(vocabulary))
    seen, held_out = (examples(*part, network, vocabulary, classes) for part in (training, dev))
    words = int(seen.words.sum())
    run = _Run(network, _rows(seen), _rows(held_out), run_config.plan, watch, report, checkpoints, words)
    if run_config.start:
        run.begin(run_config.start.weights(classes, run.named(run.weights)))
    # Answering reads texts about as fast as they were read until here, far slower than training reads rows.
    watch.deadline -= watch.words_after * watch.elapsed / max(1, words)
    watch.words_after = 0
    with threads(run_config.plan.threads), checkpoints.listening():
        run.go()
    return TextModel(config, vocabulary, run.outcome.weights), run.outcome


def _rows(examples: Examples) -> Numbered:
    return Ragged(examples.ids, examples.starts), examples.labels


class _Run:
    """The state of a run."""

    def __init__(
        self,
        network: TextNetwork,
        seen: Numbered,
        held_out: Numbered,
        plan: TrainingConfig,
        watch: Deadline,
        report: Callback,
        checkpoints: Checkpoints,
        words: int,
    ) -> None:
        self.plan, self.watch, self.report, self.checkpoints, self.words = plan, watch, report, checkpoints, words
        (self.seen, self.labels), (self.held_out, self.held_out_labels) = seen, held_out
        first = initialize({"W": network.weights()["classifier.W"]}, plan.random_state)["W"]
        self.weights, self.size = BagWeights.of(network.rows, first.T), len(first)
        self.best = self.weights  # the present weights themselves, until they change
        self.copied: BagWeights | None = None
        self.steps = max(1, math.ceil(len(self.seen.ids) / ROWS_OF_A_STEP))  # of an epoch
        self.epoch, self.taken, self.loss = 1, 0, 0.0  # this epoch, its steps so far, and their mean loss
        self.rate = plan.learning_rate  # the last text's
        self.outcome = TrainingResult({})

    def go(self) -> None:
        """Train until plan, patience, budget or Ctrl-C end it; evaluate after each epoch and after the last step."""
        if kept := self.checkpoints.kept(self._standing()[1]):
            self._restore(*kept)
        stopped: StopReason | None = None
        while not stopped and self.epoch <= self.plan.max_epochs:
            stopped = self._finish_epoch()
            self.epoch, self.taken, self.loss = self.epoch + 1, 0, 0.0
        self.outcome.stopped = stopped or "max_epochs"
        self.outcome.weights = self.named(self.best)

    def named(self, weights: BagWeights) -> dict[str, Float32Array]:
        """Name the weights as the network does."""
        return {
            "embeddings.tuned": np.ascontiguousarray(weights.table[:, : self.size]),
            "classifier.W": np.ascontiguousarray(weights.W[:, : self.size].T),
            "classifier.b": weights.b,
        }

    def begin(self, named: Mapping[str, Float32Array]) -> None:
        """Begin with these weights."""
        self.weights.table[:, : self.size] = named["embeddings.tuned"]
        self.weights.W[:, : self.size] = named["classifier.W"].T
        self.weights.b[:] = named["classifier.b"]

    def _standing(self) -> State:
        """Give all that going on takes: the position, the weights and the best so far."""
        position = TrainerState.of(
            self.outcome, self.watch, epoch=self.epoch, taken=self.taken, loss=self.loss, rate=self.rate
        )
        return position, {**vars(self.weights), **{f"best.{name}": array for name, array in vars(self.best).items()}}

    def _restore(self, position: TrainerState, arrays: Arrays) -> None:
        position.refuse_impossible(self.plan.max_epochs, self.steps)
        self.epoch, self.taken, self.loss, self.rate = position.epoch, position.taken, position.loss, position.rate
        position.restore(self.outcome, self.watch)
        if self.outcome.history:
            self.best = self.copied = self.weights.copy()
        for weights, prefix in ((self.best, "best."), (self.weights, "")):
            for name, array in vars(weights).items():
                np.copyto(array, arrays[f"{prefix}{name}"])

    def _finish_epoch(self) -> StopReason | None:
        random = np.random.default_rng([self.plan.random_state, self.epoch])
        order, seed = random.permutation(len(self.seen)), int(random.integers(DRAWS))
        pieces = np.array_split(order, self.steps)
        done = sum(map(len, pieces[: self.taken]))
        stopped: StopReason | None = None
        for texts in pieces[self.taken :]:
            stopped = self._limit()
            if stopped:
                break
            self._step(texts, done, seed)
            done += len(texts)
            if not math.isfinite(self.loss):
                return "not_finite"
        if done or not self.outcome.history:
            return self._evaluate(self.loss if done else None) or stopped
        return stopped

    def _limit(self) -> StopReason | None:
        if self.checkpoints.between_steps(self._standing):
            return "interrupted"
        if self.outcome.steps == self.plan.max_steps:
            return "max_steps"
        return None if self.watch.has_time() else "budget"

    def _step(self, texts: IntArray, done: int, seed: int) -> None:
        began = self.watch.clock()
        if self.best is self.weights and self.outcome.history:
            self.best = self.copied = self.weights.copy(self.copied)
        rates = self._rates(done, len(texts))
        drop = self.plan.embedding_dropout
        loss = sgd_epoch(self.weights, self.seen, self.labels, texts, rates, drop=drop, seed=seed)
        self.loss += (loss - self.loss * len(texts)) / (done + len(texts))
        self.outcome.steps, self.taken, self.rate = self.outcome.steps + 1, self.taken + 1, float(rates[-1])
        self.watch.step_took(self.watch.clock() - began, self.words * len(texts) // len(self.seen))
        self.report(self._message())

    def _rates(self, done: int, count: int) -> Float32Array:
        """Give each text its learning rate."""
        texts = len(self.seen)
        place = (self.epoch - 1) * texts + done + np.arange(count)
        return (self.plan.learning_rate * (1 - place / (self.plan.max_epochs * texts))).astype(np.float32)

    def _message(self) -> StepMessage:
        watch, steps, planned = self.watch, self.outcome.steps, self.plan.max_epochs * self.steps
        left = (planned - steps) * watch.training_seconds / steps
        left = max(0.0, min(left, watch.deadline - watch.clock()))
        return StepMessage(self.epoch, steps, planned, self.loss, watch.words_per_second, left)

    def _hard_to_tell_from_the_best(self) -> float:
        """Give the dev accuracy of an epoch that is kept: the highest so far, less its standard error."""
        highest = max((record.dev_accuracy for record in self.outcome.history), default=0.0)
        return highest - math.sqrt(highest * (1 - highest) / max(1, len(self.held_out)))

    def _evaluate(self, loss: float | None) -> StopReason | None:
        history, watch, steps = self.outcome.history, self.watch, self.outcome.steps
        found = logits(self.weights, self.held_out).astype(np.float64)
        dev_loss = float(cross_entropy(found, self.held_out_labels))
        if not math.isfinite(dev_loss):
            return "not_finite"
        accuracy = float(np.mean(found.argmax(axis=1) == self.held_out_labels))
        better = accuracy >= self._hard_to_tell_from_the_best()
        seconds, speed = watch.elapsed, watch.words_per_second
        record = EpochRecord(self.epoch, steps, loss, dev_loss, accuracy, better, self.rate, speed, seconds)
        history.append(record)
        if better:
            self.best, self.outcome.best_step = self.weights, steps
        self.report(record)
        return "patience" if self.epoch - max(r.epoch for r in history if r.best) >= self.plan.patience else None
