"""Training texts → what models of the same kind, not trained on them, say of them: out-of-fold predictions.

The texts are divided into folds, copies of a text into one. For each fold one more model is trained on all other texts,
for as many steps as suited the model itself on all of them, and reads the fold. The dev texts are the same for all. A
label all whose texts are in one fold is unknown to that fold's model: its texts are predicted wrongly, as often as a
new text has a label that training has not seen (Good 1953).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from unrolled.arrays import Float64Array, FloatArray, IntArray
from unrolled.calibration.temperature import temperature
from unrolled.prediction.text_model import TextModel
from unrolled.training.callback import FoldMessage
from unrolled.training.learn import learn
from unrolled.training.result import TrainingResult
from unrolled.training.run_config import RunConfig
from unrolled.training.run_context import RunContext
from unrolled.training.split_dataset import DatasetSplit, Words


@dataclass(frozen=True, eq=False)
class Predictions:
    """Logits of texts, each at the temperature of the model that computed them, and the labels' columns."""

    logits: FloatArray  # (texts, classes)
    temperatures: Float64Array  # (texts,)
    columns: IntArray  # (texts,), -1 where no label is right

    @property
    def calibrated(self) -> FloatArray:
        """Return the logits divided by the temperatures: (texts, classes)."""
        return self.logits / self.temperatures[:, None]


def predict_out_of_fold(
    run_config: RunConfig,
    parts: DatasetSplit,
    folds: IntArray,
    classes: Sequence[str],
    outcome: TrainingResult,
    context: RunContext,
) -> list[Predictions]:
    """Train a model for each fold, and read the fold with it; Ctrl-C ends it, with the folds until then."""
    found = list[Predictions]()
    count = int(folds.max()) + 1
    for fold in range(count):
        context.callback(FoldMessage(fold + 1, count))
        others = _take(parts.training, np.flatnonzero(folds != fold))
        texts, columns = _held_out(parts, np.flatnonzero(folds == fold), classes)
        known = _known(others[1], run_config, classes)
        dev = _take(parts.dev, np.flatnonzero(np.isin(parts.dev[1], known)))
        own = _as_long(run_config, outcome, len(others[1]) / len(folds))
        words = int(texts.lengths.sum() + dev[0].lengths.sum())
        deadline = context.deadline.part(1 / (count - fold), words_after=words)
        silent = RunContext(deadline=deadline, checkpoints=context.checkpoints.without_states())
        more = learn(own, others, dev, known, silent)
        if more[1].stopped in ("interrupted", "not_finite"):
            break
        T = fit_temperature(more[0], dev)
        logits = _of_all_classes(more[0].logits_of_words(texts), known, classes, T)
        found.append(Predictions(logits, np.full(len(columns), T), columns))
    return found


def fit_temperature(model: TextModel, dev: Words) -> float:
    """Return the temperature that calibrates the model on its dev texts."""
    logits, place = model.logits_of_words(dev[0]), {label: k for k, label in enumerate(model.config.labels)}
    finite = np.isfinite(logits).all(axis=1)
    return temperature(logits[finite], np.array([place[label] for label in dev[1]], np.int64)[finite])


def _known(labels: Sequence[str], run_config: RunConfig, classes: Sequence[str]) -> list[str]:
    """List the classes of the texts and of the base model."""
    known = {*labels, *(run_config.start.model.config.labels if run_config.start else ())}
    return [label for label in classes if label in known]


def _of_all_classes(logits: FloatArray, known: Sequence[str], classes: Sequence[str], T: float) -> FloatArray:
    """Add the classes that the model doesn't know, with a probability of about 0: (texts, classes)."""
    unlikely = logits.min(axis=1, keepdims=True) - 100 * max(T, 1.0)
    found = np.repeat(unlikely, len(classes), axis=1)
    found[:, [classes.index(label) for label in known]] = logits
    return found


def _as_long(run_config: RunConfig, outcome: TrainingResult, share: float) -> RunConfig:
    """Take as many passes over fewer texts; without a budget, and to the end where there is an optimum."""
    steps = None if outcome.stopped == "converged" else math.ceil(outcome.best_step * share)
    return replace(run_config, plan=replace(run_config.plan, budget=None, max_steps=steps))


def _held_out(parts: DatasetSplit, rows: IntArray, classes: Sequence[str]) -> tuple[Any, IntArray]:
    """Return the fold's texts, one of equal ones, and the columns of their labels, -1 where these contradict."""
    place, labels = {label: number for number, label in enumerate(classes)}, parts.training[1]
    groups, first, same = np.unique(parts.copies[rows], return_index=True, return_inverse=True)
    own = np.array([place[labels[row]] for row in rows.tolist()])
    lowest, highest = np.full(len(groups), len(classes)), np.full(len(groups), -1)
    np.minimum.at(lowest, same, own)
    np.maximum.at(highest, same, own)
    return parts.training[0].take(rows[first]), np.where(lowest == highest, lowest, -1)


def _take(texts: Words, rows: IntArray) -> Words:
    return texts[0].take(rows), [texts[1][row] for row in rows.tolist()]
