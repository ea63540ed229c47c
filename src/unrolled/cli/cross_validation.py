"""A file and a model as `train` takes it → how good such models are on folds that they weren't trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unrolled.cli.console import info, print_json, print_result
from unrolled.cli.model_spec import parse_candidate
from unrolled.cli.progress_bar import ProgressBar
from unrolled.cli.sources import Sources
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.cross_validation import CrossValidated, cross_validate
from unrolled.comparison.split import by_folds
from unrolled.comparison.summary import notes_on_labels, notes_on_texts
from unrolled.evaluation import evaluate
from unrolled.reports.evaluation_table import as_text
from unrolled.training.find_learner import reject_missing_package


@dataclass(frozen=True)
class Request:
    """What to cross-validate, and in how many folds."""

    encoder: str
    folds: int
    threads: int


def show_cross_validation(request: Request, data: str, sources: Sources, *, as_json: bool) -> None:
    """Refuse early what can't work, train on all folds but one by turns, and judge all answers together."""
    model = parse_candidate(request.encoder)
    reject_missing_package(model.run_config())
    split = by_folds(sources.read(data, minimum_classes=2), request.folds)

    def tell(number: int, accuracy: float) -> None:
        info(f"fold {number + 1} of {request.folds}: test accuracy {100 * accuracy:.1f} %")

    with ProgressBar(epochs=False) as bar:
        found = cross_validate(model, split, threads=request.threads, report=bar, report_fold=tell)
    evaluation = evaluate(split.labels, found.probabilities, split.classes)
    if as_json:
        print_json({**evaluation.as_json(), "model": model.name, "folds": found.accuracies.tolist()})
    else:
        print_result(as_text(evaluation))
        print_result("\n" + "\n".join([_sentence(model, found), *notes_on_labels(split), *notes_on_texts(split)]))


def _sentence(model: Candidate, found: CrossValidated) -> str:
    accuracies = 100 * found.accuracies
    return (
        f"{model.name}: mean test accuracy {np.mean(accuracies):.2f} %, "
        f"standard deviation {np.std(accuracies, ddof=1):.2f} over {len(accuracies)} folds, equal texts always in one "
        "of them. The intervals are of the texts alone: other training texts would move the accuracy too."
    )
