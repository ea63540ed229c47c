"""A model and labelled texts in folds → what the model says of each text, trained on the other folds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import FloatArray
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.run import RunSpec, train_and_read
from unrolled.comparison.split import Split
from unrolled.training.callback import Callback
from unrolled.training.run_context import RunContext


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """Probabilities of all texts (texts, classes), and the accuracy on each fold (folds,)."""

    probabilities: FloatArray
    accuracies: FloatArray


def cross_validate(
    candidate: Candidate, split: Split, *, threads: int, report: Callback, report_fold: Callable[[int, float], None]
) -> CrossValidated:
    """Train on all folds but one, by turns; `tell` hears of each fold's number and accuracy."""
    probabilities = np.empty((len(split.texts), len(split.classes)))
    accuracies = []
    for number, part in enumerate(split.parts):
        context = RunContext(callback=report)
        _, of_fold = train_and_read(RunSpec(candidate, 0, number, threads), split, context)
        probabilities[part.test] = of_fold
        accuracies.append(float((of_fold.argmax(axis=1) == split.truth[part.test]).mean()))
        report_fold(number, accuracies[-1])
    return CrossValidated(probabilities, np.array(accuracies))
