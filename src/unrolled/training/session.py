"""A network, its first weights, training and dev examples, a plan → the best weights, and how they were found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from unrolled.arrays import AnyArray
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.text_network import TextNetwork
from unrolled.text.length_buckets import length_buckets
from unrolled.training.bucketed_batches import bucketed_batches
from unrolled.training.callback import Callback, EpochRecord, StepMessage, no_callback
from unrolled.training.checkpoints import Arrays, Checkpoints, State
from unrolled.training.deadline import Deadline, monotonic
from unrolled.training.examples import Examples, balanced
from unrolled.training.optim.ema import Tensors
from unrolled.training.optim.schedule import factor
from unrolled.training.result import StopReason, TrainingResult
from unrolled.training.state import StepState
from unrolled.training.threads import threads
from unrolled.training.trainer_state import TrainerState
from unrolled.training.training_config import TrainingConfig


def train(
    network: TextNetwork,
    weights: Mapping[str, AnyArray],
    examples: Examples,
    dev: Examples,
    plan: TrainingConfig,
    *,
    stopwatch: Deadline | None = None,
    report: Callback = no_callback,
    checkpoints: Checkpoints | None = None,
) -> TrainingResult:
    """Train until plan, patience, budget or Ctrl-C end it; evaluate after each epoch and after the last step.

    A state that the checkpoints have kept is gone on from, to the same bits as without the break.
    """
    stopwatch = stopwatch or Deadline(plan.budget, words_after=int(dev.words.sum()), clock=monotonic)
    checkpoints = checkpoints or Checkpoints()
    with threads(plan.threads), checkpoints.listening():
        run = _Run(network, weights, examples, dev, plan, stopwatch, report, checkpoints)
        while not run.stopped and run.epoch <= plan.max_epochs:
            run.finish_epoch()
    run.outcome.stopped = run.stopped or "max_epochs"
    return run.outcome


class _Run:
    """The state of one run."""

    def __init__(
        self,
        network: TextNetwork,
        weights: Mapping[str, AnyArray],
        examples: Examples,
        dev: Examples,
        plan: TrainingConfig,
        stopwatch: Deadline,
        report: Callback,
        checkpoints: Checkpoints,
    ) -> None:
        self.state, self.checkpoints = StepState(network, weights, plan), checkpoints
        self.examples, self.dev, self.plan, self.stopwatch, self.report = examples, dev, plan, stopwatch, report
        self.class_weight = balanced(examples.labels, network.classes) if plan.class_weight == "balanced" else None
        self.planned = plan.max_epochs * math.ceil(len(examples) / plan.batch_size)
        self.outcome = TrainingResult(dict(weights))
        self.stopped: StopReason | None = None
        self.epoch, self.taken, self.loss = 1, 0, 0.0  # this epoch, its steps so far, and their mean loss
        self.rate = plan.learning_rate
        if kept := checkpoints.kept(self._standing()[1]):
            self._restore(*kept)

    def finish_epoch(self) -> None:
        """Take the epoch's other steps as far as the run may go, then evaluate."""
        order = bucketed_batches(self.examples.lengths, self.plan.batch_size, self.plan.random_state, self.epoch)
        for rows in order[self.taken :]:
            self.stopped = self._limit()
            if self.stopped:
                break
            self._step(rows)
        if self.stopped != "not_finite" and (self.taken or not self.outcome.history):
            self._evaluate()
        self.epoch, self.taken, self.loss = self.epoch + 1, 0, 0.0

    def _standing(self, unsettled: Arrays | None = None) -> State:
        """Give all that going on takes: the position, and the arrays that steps change or that are the best so far."""
        position = TrainerState.of(
            self.outcome, self.stopwatch, epoch=self.epoch, taken=self.taken, loss=self.loss, rate=self.rate
        )
        best = {f"best.{name}": array for name, array in self.outcome.weights.items() if name not in self.state.static}
        return position, {**self.state.arrays(), **(unsettled or {}), **best}

    def _restore(self, position: TrainerState, arrays: Arrays) -> None:
        position.refuse_impossible(self.plan.max_epochs, self.planned // self.plan.max_epochs)
        self.epoch, self.taken, self.loss, self.rate = position.epoch, position.taken, position.loss, position.rate
        position.restore(self.outcome, self.stopwatch)
        self.outcome.weights |= {
            name: arrays[f"best.{name}"] for name in self.outcome.weights if name not in self.state.static
        }
        self.state.restore(arrays)

    def _limit(self) -> StopReason | None:
        if self.stopped:
            return self.stopped
        if self.checkpoints.between_steps(self._standing):
            return "interrupted"
        if self.outcome.steps == self.plan.max_steps:
            return "max_steps"
        return None if self.stopwatch.has_time() else "budget"

    def _step(self, rows: Any) -> None:
        began = self.stopwatch.clock()
        ids, lengths, labels = self.examples.batch(rows)
        self.rate = self.plan.learning_rate * factor(self.plan.schedule, self.outcome.steps, self.planned)
        loss = self.state.step(self.outcome.steps, ids, lengths, labels, self.rate, self.class_weight)
        self.outcome.steps += 1
        if not math.isfinite(loss):
            self.stopped = "not_finite"
            return
        self.taken += 1
        self.loss += (loss - self.loss) / self.taken
        self.stopwatch.step_took(self.stopwatch.clock() - began, int(self.examples.words[rows].sum()))
        self.report(self._message())

    def _message(self) -> StepMessage:
        watch, steps = self.stopwatch, self.outcome.steps
        left = (self.planned - steps) * watch.training_seconds / steps
        left = max(0.0, min(left, watch.deadline - watch.clock()))
        return StepMessage(self.epoch, steps, self.planned, self.loss, watch.words_per_second, left)

    def _evaluate(self) -> None:
        # Gone on with, a run that Ctrl-C stopped takes the epoch's other steps, before which nothing would be settled.
        unsettled = self.state.unsettled() if self.stopped and self.checkpoints.keeper else None
        weights = self.state.judged(len(self.outcome.history) + 1)
        loss, accuracy = self._score(weights, unsettled)
        if not math.isfinite(loss):
            self.stopped = "not_finite"
            return
        history, watch = self.outcome.history, self.stopwatch
        best = max(((r.dev_accuracy, -r.dev_loss) for r in history), default=(-math.inf, -math.inf))
        better = (accuracy, -loss) > best
        record = EpochRecord(
            epoch=self.epoch,
            step=self.outcome.steps,
            loss=self.loss if self.taken else None,
            dev_loss=loss,
            dev_accuracy=accuracy,
            best=better,
            learning_rate=self.rate,
            words_per_second=watch.words_per_second,
            seconds=watch.elapsed,
        )
        history.append(record)
        if better:
            self.outcome.weights, self.outcome.best_step = self.state.copy(weights), self.outcome.steps
        self.state.average.count(len(history))
        last_best = max(r.epoch for r in history if r.best)
        if self.stopped is None and self.epoch - last_best >= self.plan.patience:
            self.stopped = "patience"
        self.report(record)

    def _score(self, weights: Tensors, unsettled: Arrays | None) -> tuple[float, float]:
        loss, right, texts = 0.0, 0, len(self.dev)
        for rows in length_buckets(self.dev.lengths):
            self.checkpoints.within_evaluation(lambda: self._standing(unsettled))
            self.stopwatch.refuse_late()
            ids, lengths, labels = self.dev.batch(rows)
            logits = self.state.logits(ids, lengths, weights)
            loss += float(cross_entropy(logits.astype("f8"), labels)) * len(rows)
            right += int((logits.argmax(1) == labels).sum())
        return loss / texts, right / texts
