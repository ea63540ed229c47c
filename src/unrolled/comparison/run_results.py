"""What came of all trainings → of each model whether it is finished, and its predictions by seed (seeds, texts)."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

import numpy as np

from unrolled.arrays import Float64Array, IntArray
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.result import State
from unrolled.comparison.run import RunRecord
from unrolled.comparison.runner import RunResults
from unrolled.comparison.split import Split


@dataclass(frozen=True, eq=False)
class ModelResult:
    """A model; `predictions` number the classes of the tested texts, by the seeds that have them all.

    Seeds that the clock cut, or had no time for, are left out where one before them ended by itself.
    """

    candidate: Candidate
    state: State
    reason: str
    records: Mapping[int, Sequence[RunRecord]]  # by seed, one for each part
    predictions: IntArray
    confidences: Float64Array  # (seeds, texts), of the predictions

    @cached_property
    def validation_accuracy(self) -> float:
        """The mean over seeds and parts."""
        return statistics.mean(record.dev_accuracy for own in self.records.values() for record in own)


def model_results(candidates: Sequence[Candidate], results: RunResults, split: Split, seeds: int) -> list[ModelResult]:
    """Judge each model, in their order."""
    return [_result_of(candidate, results, split, seeds) for candidate in candidates]


def selected_on_validation(models: Sequence[ModelResult]) -> ModelResult | None:
    """Select the highest mean validation accuracy of the finished models, or else of those that have a seed."""
    trained = [model for model in models if model.records]
    finished = [model for model in trained if model.state == "finished"]
    return max(finished or trained, key=lambda model: model.validation_accuracy, default=None)


def _result_of(candidate: Candidate, results: RunResults, split: Split, seeds: int) -> ModelResult:
    own = {(t.seed, t.part): record for t, record in results.records.items() if t.candidate == candidate}
    parts = range(len(split.parts))
    whole = [seed for seed in range(seeds) if all((seed, part) in own for part in parts)]
    finished = [*takewhile(lambda seed: all(own[seed, part].is_finished for part in parts), whole)]
    records = {seed: [own[seed, part] for part in parts] for seed in finished or whole}
    predictions = np.empty((len(records), len(split.tested)), np.int64)
    confidences = np.empty(predictions.shape)
    for number, of_seed in enumerate(records.values()):
        for part, record in zip(split.parts, of_seed, strict=True):
            places = np.searchsorted(split.tested, part.test)
            predictions[number, places], confidences[number, places] = record.predictions, record.confidences
    state, reason = _state(candidate, results, [*own.values()], finished=bool(finished), wanted=len(parts))
    return ModelResult(candidate, state, reason, records, predictions, confidences)


def _state(
    candidate: Candidate, results: RunResults, own: Sequence[RunRecord], *, finished: bool, wanted: int
) -> tuple[State, str]:
    """Return whether a model is finished, or why it isn't; a seed takes as many trainings as are wanted."""
    if candidate in results.failures:
        return "failed", results.failures[candidate]
    if finished:
        return "finished", ""
    if own and len(own) < wanted:
        return "unfinished", f"There was time for {len(own)} of {wanted} trainings."
    if own:
        stopped = sum(not record.is_finished for record in own)
        trainings = "its training" if len(own) == 1 else f"{stopped} of its {len(own)} trainings"
        return "unfinished", f"The clock ended {trainings} before early stopping could."
    if candidate in results.given_up:
        return "unfinished", "The clock ended it before it had read the texts to judge it by."
    return "not_run", "The time was over before it was begun."
