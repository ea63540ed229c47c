"""A trained model, its dev texts, out-of-fold predictions → the model with temperature and thresholds, and a record.

The temperature, and the order in which thresholds are tested, come from the dev texts, which also chose the epoch. What
the models of the folds say of texts that they weren't trained on decides whether a threshold reaches the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from unrolled.arrays import BoolArray, Float64Array, FloatArray, IntArray
from unrolled.calibration.abstention import Abstention
from unrolled.calibration.clopper_pearson import CONFIDENCE
from unrolled.calibration.no_evidence import NoEvidence
from unrolled.calibration.thresholds import Achievable, Scored, achievable, candidate_thresholds, choose_threshold
from unrolled.errors import settings as errors
from unrolled.evaluation.expected_calibration_error import expected_calibration_error
from unrolled.prediction.text_model import TextModel
from unrolled.training.out_of_fold import Predictions, fit_temperature
from unrolled.training.split_dataset import Words

Target = float | Mapping[str, float]


@dataclass(frozen=True, eq=False)
class _Answers:
    """Of each text the probability of the predicted label, its column, and whether it is right: (texts,) each."""

    confidences: Float64Array
    predicted: IntArray
    right: BoolArray

    @classmethod
    def of(cls, logits: FloatArray, columns: IntArray) -> _Answers:
        """Read calibrated logits (texts, classes); a text that overflows has no answer."""
        finite = np.asarray(np.isfinite(logits).all(axis=1))
        shifted = np.where(finite[:, None], logits, 0).astype(np.float64)
        ratios = np.exp(shifted - shifted.max(axis=1, keepdims=True))
        predicted = shifted.argmax(axis=1)
        return cls(np.where(finite, 1 / ratios.sum(axis=1), 0.0), predicted, finite & (predicted == columns))

    def of_label(self, column: int | None) -> Scored:
        """Return the probabilities, and which are right, of one predicted label or of all."""
        rows = slice(None) if column is None else self.predicted == column
        return self.confidences[rows], self.right[rows]


def calibrate(
    model: TextModel, dev: Words, folds: Sequence[Predictions], target: Target
) -> tuple[TextModel, dict[str, Any]]:
    """Set the temperature and the thresholds in the model's config; the record is what training.json keeps."""
    T = fit_temperature(model, dev)
    place = {label: number for number, label in enumerate(model.config.labels)}
    columns = np.array([place[label] for label in dev[1]], np.int64)
    first = _Answers.of(model.logits_of_words(dev[0]) / T, columns)
    columns = np.concatenate([fold.columns for fold in folds])
    before = _Answers.of(np.concatenate([fold.logits for fold in folds]), columns)
    decisive = _Answers.of(np.concatenate([fold.calibrated for fold in folds]), columns)
    found = {label: _decide(first, decisive, place.get(label), one, target) for label, one in _claims(target).items()}
    by_label = {label: one["threshold"] for label, one in found.items()}
    threshold = by_label if isinstance(target, Mapping) else by_label[""]
    abstention = Abstention(target_precision=target, temperature=T, threshold=threshold)
    return replace(model, config=replace(model.config, abstention=abstention)), {
        **asdict(abstention),
        "folds": len(folds),
        "texts": len(columns),
        "calibration_error_before": expected_calibration_error(before.confidences, before.right),
        "calibration_error": expected_calibration_error(decisive.confidences, decisive.right),
        "evidence": list(found.values()),
    }


def uncalibrated(model: TextModel, target: Target, reason: NoEvidence) -> tuple[TextModel, dict[str, Any]]:
    """Claim nothing where no text can prove it, and fit no temperature to texts that may flatter the model."""
    threshold = dict.fromkeys(target) if isinstance(target, Mapping) else None
    abstention = Abstention(target_precision=target, threshold=threshold)
    return replace(model, config=replace(model.config, abstention=abstention)), {
        **asdict(abstention),
        "unproved": reason,
    }


def reject_unknown_targets(target: Target | None, labels: Sequence[str]) -> None:
    """Raise a SettingError for a target precision of a label that there isn't."""
    for label in target if isinstance(target, Mapping) else ():
        if label not in labels:
            raise errors.unknown_target_label(label, labels)


def _claims(target: Target) -> Mapping[str, float]:
    """Return the targets by label; "" stands for all answers together."""
    return target if isinstance(target, Mapping) else {"": target}


def _decide(first: _Answers, decisive: _Answers, column: int | None, target: float, targets: Target) -> dict[str, Any]:
    """Choose one threshold. Several hold together: each errs with a share of the chance that one would have."""
    confidence = 1 - (1 - CONFIDENCE) / (len(targets) if isinstance(targets, Mapping) else 1)
    order, rows = first.of_label(column), decisive.of_label(column)
    chosen = choose_threshold(
        rows, candidate_thresholds(order, rows[0], target=target), target=target, confidence=confidence
    )
    ways = Achievable(None, None) if chosen else achievable(order, rows, target=target, confidence=confidence)
    return {
        "target_precision": target,
        "threshold": chosen.threshold if chosen else None,
        "confidence": confidence,
        "texts": len(rows[0]),
        "answered": chosen.answered if chosen else 0,
        "right": chosen.right if chosen else 0,
        "possible_precision": ways.precision,
        "texts_needed": ways.rows,
    }
