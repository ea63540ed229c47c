"""Words of labelled texts and a run config → logistic regression on n-grams, fitted by scikit-learn.

The solver is Newton's with conjugate gradients (`newton-cg`), one iteration at a time: an iteration begins with the
coefficients of the one before and with nothing else, so stopping between two and going on changes nothing. It goes to
the optimum, there being only one, so that a fit by any other solver that also goes there has the same probabilities.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from unrolled.arrays import AnyArray
from unrolled.errors import texts as errors
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.logistic import Logistic
from unrolled.model.registry import make_logistic
from unrolled.model.weights import initialize
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.ngrams import count_ngrams
from unrolled.training.callback import Callback, EpochRecord
from unrolled.training.checkpoints import Arrays, Checkpoints, State
from unrolled.training.data_config import examples
from unrolled.training.deadline import Deadline
from unrolled.training.examples import Examples
from unrolled.training.learners.map_logistic import MapLogistic
from unrolled.training.result import StopReason, TrainingResult
from unrolled.training.run_config import RunConfig
from unrolled.training.split_dataset import Words
from unrolled.training.trainer_state import TrainerState
from unrolled.training.training_config import TrainingConfig

TOLERANCE = 1e-10  # of the gradient of the mean loss; scikit-learn's 1e-4 leaves probabilities that are 0.01 off
MAX_ITERATIONS = 200  # ten are usual


def learn(
    run_config: RunConfig,
    training: Words,
    dev: Words,
    classes: Sequence[str],
    watch: Deadline,
    report: Callback,
    checkpoints: Checkpoints,
) -> tuple[TextModel, TrainingResult]:
    """Number the n-grams, fit, and keep the last coefficients, which are nearest to the optimum."""
    began = watch.clock()
    vocabulary = run_config.vocabulary(count_ngrams(training[0], *run_config.encoder_options["ngram_range"]))
    watch.refuse_late()
    network = make_logistic(len(vocabulary), len(classes), run_config.encoder_options)
    seen, held_out = (examples(*part, network, vocabulary, classes) for part in (training, dev))
    watch.refuse_late()
    missing = set(range(len(classes))) - set(seen.labels.tolist())
    if missing and not run_config.start:
        raise errors.labels_only_held_out([classes[number] for number in sorted(missing)])
    run = _Run(network, seen, held_out, run_config.plan, watch, report, checkpoints)
    if run_config.start:
        run.begin(run_config.start.weights(classes, run.weights))
    # Answering reads texts about as this did, far slower than an iteration reads its matrix.
    watch.deadline -= watch.words_after * (watch.clock() - began) / max(1, int(seen.words.sum()))
    watch.words_after = 0
    with threadpool_limits(run_config.plan.threads), checkpoints.listening():
        run.go()
    config = Config(run_config.encoder, run_config.encoder_options, run_config.reading, tuple(classes))
    return TextModel(config, vocabulary, run.outcome.weights), run.outcome


class _Run:
    """The state of a fit."""

    def __init__(
        self,
        network: Logistic,
        seen: Examples,
        held_out: Examples,
        plan: TrainingConfig,
        watch: Deadline,
        report: Callback,
        checkpoints: Checkpoints,
    ) -> None:
        self.seen, self.held_out, self.plan, self.watch, self.report = seen, held_out, plan, watch, report
        self.checkpoints = checkpoints
        self.x, self.x_dev = (_matrix(part, network.words) for part in (seen, held_out))
        self.weights = {name: weight.astype("f8") for name, weight in initialize(network.weights(), 0).items()}
        self.network, self.counts = network, (self.x, self.x_dev)
        if network.features == "tfidf":
            self.weights["idf"] = TfidfTransformer().fit(self.x).idf_
            self._weigh()
        self.outcome = TrainingResult({})
        self.solver: LogisticRegression | MapLogistic = LogisticRegression(
            C=network.C,
            class_weight=None if plan.class_weight == "none" else plan.class_weight,
            max_iter=1,
            solver="newton-cg",
            tol=TOLERANCE,
            warm_start=True,
        )

    def _weigh(self) -> None:
        """Turn counts to tf-idf."""
        transformer = TfidfTransformer()
        transformer.idf_ = self.weights["idf"]
        self.x, self.x_dev = (transformer.transform(counts) for counts in self.counts)

    def begin(self, weights: Mapping[str, Any]) -> None:
        """Begin with an older model's coefficients and stay near them; how rare it found an n-gram to be stays."""
        self.weights = {name: weight.astype("f8") for name, weight in weights.items()}
        if self.network.features == "tfidf":
            self._weigh()
        balanced = self.plan.class_weight == "balanced"
        W, b = self.weights["W"], self.weights["b"]
        self.solver = MapLogistic(W, b, C=self.network.C, tol=TOLERANCE, balanced=balanced)

    def go(self) -> None:
        """Iterate until the optimum, the plan, the budget or Ctrl-C end it."""
        if kept := self.checkpoints.kept(self._standing()[1]):
            self._restore(*kept)
        stopped = self._limit()
        while not stopped:
            stopped = self._iterate() or self._limit()
        if not self.outcome.history:
            self._evaluate(None)
        self.outcome.stopped, self.outcome.best_step = stopped, self.outcome.steps
        self.outcome.weights = {name: weight.astype("f4") for name, weight in self.weights.items()}

    def _standing(self) -> State:
        """Give all that going on takes: the position and the coefficients."""
        position = TrainerState.of(self.outcome, self.watch, epoch=self.outcome.steps + 1, taken=0, loss=0.0, rate=0.0)
        return position, {name: self.weights[name] for name in ("W", "b")}

    def _restore(self, position: TrainerState, arrays: Arrays) -> None:
        position.refuse_impossible(MAX_ITERATIONS, 1)
        position.restore(self.outcome, self.watch)
        W, b = arrays["W"], arrays["b"]
        self.weights |= {"W": W, "b": b}
        if position.steps:
            # of two classes scikit-learn keeps the difference
            halved = len(b) == 2 and isinstance(self.solver, LogisticRegression)
            self.solver.coef_, self.solver.intercept_ = (2 * W[:, 1:].T, 2 * b[1:]) if halved else (W.T, b)

    def _limit(self) -> StopReason | None:
        if self.checkpoints.between_steps(self._standing):
            return "interrupted"
        if self.outcome.steps == self.plan.max_steps:
            return "max_steps"
        if self.outcome.steps == MAX_ITERATIONS:
            return "max_iterations"
        return None if self.watch.has_time() else "budget"

    def _iterate(self) -> StopReason | None:
        """Take a step of Newton's method, the loss being taken before it as for a network, or see that none is left."""
        began, loss = self.watch.clock(), self._loss(self.x, self.seen)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that one iteration didn't converge, or that no better point was found
            self.solver.fit(self.x, self.seen.labels)
        if not self.solver.n_iter_[0]:
            return "converged"
        self.outcome.steps += 1
        W, b = self.solver.coef_, self.solver.intercept_
        if len(b) == 1:  # of two classes scikit-learn keeps z = z_1 - z_0 alone
            W, b = np.concatenate([-W, W]) / 2, np.concatenate([-b, b]) / 2
        self.weights |= {"W": W.T, "b": b}
        seconds = self.watch.clock() - began
        self.watch.step_took(seconds, int(self.seen.words.sum()))
        self.watch.longest_step = max(self.watch.longest_step, 2 * seconds)  # the nearer the optimum, the longer
        self._evaluate(loss)
        return None

    def _evaluate(self, loss: float | None) -> None:
        logits, watch = self._logits(self.x_dev), self.watch
        record = EpochRecord(
            epoch=self.outcome.steps,
            step=self.outcome.steps,
            loss=loss,
            dev_loss=float(cross_entropy(logits, self.held_out.labels)),
            dev_accuracy=float(np.mean(logits.argmax(axis=1) == self.held_out.labels)),
            best=True,  # each is kept in place of the one before
            learning_rate=None,
            words_per_second=watch.words_per_second,
            seconds=watch.elapsed,
        )
        self.outcome.history.append(record)
        self.report(record)

    def _loss(self, x: Any, examples: Examples) -> float:
        return float(cross_entropy(self._logits(x), examples.labels))

    def _logits(self, x: Any) -> AnyArray:
        return np.asarray(x @ self.weights["W"] + self.weights["b"])


def _matrix(examples: Examples, words: int) -> Any:
    """Count the numbers of texts: a sparse (texts, words)."""
    ones = np.ones(len(examples.ids))
    matrix = csr_array((ones, np.array(examples.ids), examples.starts), shape=(len(examples), words))
    matrix.sum_duplicates()
    return matrix
