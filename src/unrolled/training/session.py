"""A learner, a run's context → its best weights and how they were found: the one training loop."""

from __future__ import annotations

import math

from unrolled.training.callback import EpochRecord, StepMessage
from unrolled.training.checkpoints import Arrays, State
from unrolled.training.learner import Learner, Place, Score, StepResult
from unrolled.training.result import StopReason, TrainingResult
from unrolled.training.run_context import RunContext
from unrolled.training.trainer_state import TrainerState


def train(learner: Learner, context: RunContext) -> TrainingResult:
    """Train until limits, patience, deadline or Ctrl-C end it; evaluate after each epoch and after the last step.

    A state that the checkpoints have saved is resumed, to the same bits as without the break.
    """
    with learner.threads(), context.checkpoints.listening():
        session = _Session(learner, context)
        while not session.stopped and session.epoch <= learner.limits.epochs:
            session.finish_epoch()
    result = session.result
    result.stopped = session.stopped or ("max_iterations" if learner.limits.to_optimum else "max_epochs")
    result.weights = learner.best_weights()
    return result


class _Session:
    """The state of one run."""

    def __init__(self, learner: Learner, context: RunContext) -> None:
        self.learner, self.limits = learner, learner.limits
        self.callback, self.deadline, self.checkpoints = context.callback, context.deadline, context.checkpoints
        self.result = TrainingResult({})
        self.stopped: StopReason | None = None
        self.epoch, self.taken, self.loss = 1, 0, 0.0  # this epoch, its steps so far, and their mean loss
        self.rate = learner.learning_rate
        if saved := self.checkpoints.load(learner.state_dict()):
            self._restore(*saved)

    def finish_epoch(self) -> None:
        """Take the epoch's other steps as far as the run may go, then evaluate."""
        self.learner.begin_epoch(self.epoch)
        while not self.stopped and self.taken < self.limits.steps_per_epoch:
            self.stopped = self._limit() or self._step()
        if self.stopped != "not_finite" and (self.taken or not self.result.history):
            self._evaluate()
        self.epoch, self.taken, self.loss = self.epoch + 1, 0, 0.0

    def _state(self, before: Arrays | None = None) -> State:
        """Return all that resuming takes; `before` has arrays as they were before the evaluation that goes on."""
        rate = 0.0 if self.rate is None else self.rate
        position = TrainerState.of(
            self.result, self.deadline, epoch=self.epoch, taken=self.taken, loss=self.loss, rate=rate
        )
        return position, {**self.learner.state_dict(), **(before or {})}

    def _restore(self, position: TrainerState, arrays: Arrays) -> None:
        limits = self.limits
        position.reject_impossible(limits.epochs, limits.steps_per_epoch, self.learner.measured)
        self.epoch, self.taken, self.loss = position.epoch, position.taken, position.loss
        self.rate = None if self.rate is None else position.rate
        position.restore(self.result, self.deadline)
        self.learner.load_state_dict(arrays)

    def _limit(self) -> StopReason | None:
        """Return what forbids another step; save the state if it is time."""
        if self.checkpoints.between_steps(self._state):
            return "interrupted"
        if self.result.steps == self.limits.max_steps:
            return "max_steps"
        return None if self.deadline.has_time() else "budget"

    def _step(self) -> StopReason | None:
        began = self.deadline.clock()
        found = self.learner.step(Place(self.epoch, self.taken, self.result.steps))
        if found is None:
            return "converged"
        self.result.steps += 1
        if not math.isfinite(found.loss):
            return "not_finite"
        self._count(found, self.deadline.clock() - began)
        if not self.limits.to_optimum:
            self.callback(self._message())
        return None

    def _count(self, step: StepResult, seconds: float) -> None:
        self.loss += (step.loss - self.loss) * step.share / (self.taken + step.share)
        self.taken, self.rate = self.taken + 1, step.learning_rate
        self.deadline.record_step(seconds, step.words, slowdown=self.learner.slowdown)

    def _message(self) -> StepMessage:
        deadline, steps, planned = self.deadline, self.result.steps, self.limits.planned_steps
        left = (planned - steps) * deadline.training_seconds / steps
        left = max(0.0, min(left, deadline.deadline - deadline.clock()))
        return StepMessage(self.epoch, steps, planned, self.loss, deadline.words_per_second, left)

    def _evaluate(self) -> None:
        # Resumed, a run that was stopped within an epoch takes the other steps, as if it hadn't been evaluated there.
        before = self.learner.before_evaluation() if self.stopped and self.checkpoints.store else None

        def pause() -> None:
            self.checkpoints.within_evaluation(lambda: self._state(before))
            self.deadline.reject_late()

        history = self.result.history
        score = self.learner.evaluate(len(history) + 1, pause)
        if score.loss is not None and not math.isfinite(score.loss):
            self.stopped = "not_finite"
            return
        record = self._record(score)
        history.append(record)
        if record.best:
            self.learner.keep()
            self.result.best_step = record.step
        if not self.stopped and self._is_out_of_patience():
            self.stopped = "patience"
        self.callback(record)

    def _record(self, score: Score) -> EpochRecord:
        return EpochRecord(
            epoch=self.epoch,
            step=self.result.steps,
            loss=self.loss if self.taken else None,
            dev_loss=score.loss,
            dev_accuracy=score.accuracy,
            best=self.learner.is_better(score, self.result.history),
            learning_rate=self.rate,
            words_per_second=self.deadline.words_per_second,
            seconds=self.deadline.elapsed,
        )

    def _is_out_of_patience(self) -> bool:
        patience, best = self.limits.patience, [record.epoch for record in self.result.history if record.best]
        return patience is not None and self.epoch - max(best, default=0) >= patience
