"""True labels (rows,) and the model's probabilities (rows, K) → one Evaluation, whose JSON form is a contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from unrolled.arrays import BoolArray, FloatArray
from unrolled.calibration.abstention import Abstention
from unrolled.errors import evaluation as errors
from unrolled.evaluation.bootstrap import Interval, intervals
from unrolled.evaluation.confusion import Confusion, confusion
from unrolled.evaluation.coverage import Answered, Coverage, count_answered, coverages
from unrolled.evaluation.expected_calibration_error import expected_calibration_error
from unrolled.evaluation.log_loss import log_loss
from unrolled.evaluation.scores import counts_of, f1, precision, recall

# More labels unknown to the model than this are a wrong column, and their confusion matrix would fill the memory.
MOST_UNSEEN = 1000


@dataclass(frozen=True)
class ClassScores:
    """The scores of one label, and the number of rows that have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Abstaining:
    """How good the answers of a model with a target precision are; with a target for each of some labels, `by_label`.

    Coverage by label is the share answered of the rows that the label is predicted for. The calibration error before is
    that at temperature 1.
    """

    target_precision: float | Mapping[str, float]
    temperature: float
    threshold: float | Mapping[str, float | None] | None
    calibration_error_before: float
    answers: Answered
    by_label: Mapping[str, Answered]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How good a model is on labelled rows; every score is between 0 and 1, log loss is in nats.

    The labels of `per_class` and `confusion` are those that occur, true or predicted, sorted. Rows whose label the
    model doesn't know are wrong by definition; only log loss leaves them out, and is None where no row is left.
    """

    rows: int
    accuracy: Interval
    macro_f1: Interval
    weighted_f1: Interval
    log_loss: float | None
    calibration_error: float
    coverage: list[Coverage]
    per_class: dict[str, ClassScores]
    confusion: Confusion
    unseen_labels: dict[str, int]
    abstention: Abstaining | None = None  # of a model that was trained to a target precision

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain Python values, with the keys that `evaluate --json` promises."""
        return {
            "rows": self.rows,
            "accuracy": asdict(self.accuracy),
            "macro_f1": asdict(self.macro_f1),
            "weighted_f1": asdict(self.weighted_f1),
            "log_loss": self.log_loss,
            "calibration_error": self.calibration_error,
            "coverage": [asdict(one) for one in self.coverage],
            "per_class": {label: asdict(scores) for label, scores in self.per_class.items()},
            "confusion": {"labels": list(self.confusion.labels), "matrix": self.confusion.matrix.tolist()},
            "unseen_labels": dict(self.unseen_labels),
            **({"abstention": asdict(self.abstention)} if self.abstention else {}),
        }


def evaluate(
    labels: Sequence[str],
    probabilities: FloatArray,
    classes: Sequence[str],
    *,
    abstention: Abstention | None = None,
    seed: int = 0,
    resamples: int = 1000,
) -> Evaluation:
    """Compare the true labels with the probabilities, whose columns are the model's classes in order.

    The prediction is the first class of the highest probability. The model's own thresholds, if it has any, are judged
    next to other lowest probabilities; the probabilities are those at its temperature. Raises DataError where there are
    no rows, where the shapes don't fit, where a row isn't a distribution, or where over 1000 different labels are
    unknown to the model.
    """
    _check_probabilities(probabilities, (len(labels), len(classes)))
    unseen = _unseen(labels, classes)
    best, highest = probabilities.argmax(axis=1), probabilities.max(axis=1)
    predictions = [classes[column] for column in best]
    right = np.array([true == predicted for true, predicted in zip(labels, predictions, strict=True)])
    counted = confusion(labels, predictions)
    accuracy, macro_f1, weighted_f1 = intervals(counted.matrix, seed=seed, resamples=resamples)
    return Evaluation(
        rows=len(labels),
        accuracy=accuracy,
        macro_f1=macro_f1,
        weighted_f1=weighted_f1,
        log_loss=_known_log_loss(labels, probabilities, classes),
        calibration_error=expected_calibration_error(highest, right),
        coverage=coverages(highest, right, _one_threshold(abstention)),
        per_class=_per_class(counted),
        confusion=counted,
        unseen_labels=unseen,
        abstention=_abstaining(abstention, probabilities, right, classes) if abstention else None,
    )


def _one_threshold(abstention: Abstention | None) -> float | None:
    """Return the threshold of all labels, if there is one."""
    own = abstention.threshold if abstention else None
    return None if isinstance(own, Mapping) else own


def _abstaining(
    abstention: Abstention, probabilities: FloatArray, right: BoolArray, classes: Sequence[str]
) -> Abstaining:
    """Judge the answers by the model's own thresholds; softmax(z) of p = softmax(z / T) is p^T, over its sum."""
    best, highest = probabilities.argmax(axis=1), probabilities.max(axis=1)
    before = 1 / ((probabilities.astype(np.float64) / highest[:, None]) ** abstention.temperature).sum(axis=1)
    answered = highest >= abstention.lowest(classes)[best]
    by_label = {
        label: count_answered(answered[rows], right[rows])
        for label in abstention.thresholds
        if len(rows := np.flatnonzero(best == classes.index(label)))
    }
    before_error = expected_calibration_error(before, right)
    counted = count_answered(answered, right)
    return Abstaining(**asdict(abstention), calibration_error_before=before_error, answers=counted, by_label=by_label)


def _check_probabilities(probabilities: FloatArray, shape: tuple[int, int]) -> None:
    if shape[0] == 0:
        raise errors.no_rows()
    if probabilities.shape != shape:
        raise errors.wrong_shape(shape, probabilities.shape)
    with np.errstate(invalid="ignore"):  # inf - inf; NaN then fails both comparisons
        sums = probabilities.sum(axis=1, dtype=np.float64)
    # Half precision is off by up to 5e-4.
    good = (probabilities >= 0).all(axis=1) & (np.abs(sums - 1) <= 1e-3)
    if not good.all():
        raise errors.not_probabilities(int(good.argmin()))


def _unseen(labels: Sequence[str], classes: Sequence[str]) -> dict[str, int]:
    known = set(classes)
    counts = Counter(label for label in labels if label not in known)
    if len(counts) > MOST_UNSEEN:
        raise errors.too_many_unseen(counts, MOST_UNSEEN)
    return {str(label): counts[label] for label in sorted(counts)}


def _known_log_loss(labels: Sequence[str], probabilities: FloatArray, classes: Sequence[str]) -> float | None:
    column_of = {label: column for column, label in enumerate(classes)}
    columns = np.array([column_of.get(label, -1) for label in labels], dtype=np.intp)
    known = np.flatnonzero(columns >= 0)
    return log_loss(probabilities[known, columns[known]]) if len(known) else None


def _per_class(counted: Confusion) -> dict[str, ClassScores]:
    counts = counts_of(counted.matrix)
    columns = (precision(counts).tolist(), recall(counts).tolist(), f1(counts).tolist(), counts.support.tolist())
    return {label: ClassScores(*scores) for label, *scores in zip(counted.labels, *columns, strict=True)}
