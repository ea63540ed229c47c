"""Records of a data set → each model's accuracy and macro F1 with intervals over texts and seeds, times and speeds.

Models that have answered all texts are drawn on the same texts, so that their differences from our default network are
paired. A model of which folds are missing is judged on the texts that it has answered, alone.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.accuracy_records import Key, Record
from benchmarks.judged_models import MODELS, Model
from benchmarks.judged_texts import fold_numbers, judged, tested_rows
from benchmarks.tutorials.answers import Answers, unpacked
from unrolled.arrays import IntArray
from unrolled.evaluation.paired_bootstrap import Scores, paired_bootstrap
from unrolled.training.resolve_config import DEFAULT

REFERENCE = DEFAULT  # the model that others are compared with, chosen before anything was measured


@dataclass(frozen=True, eq=False)
class Result:
    """A model on a data set: its scores, if it answered anything, its runs, how many there should be, and failures."""

    model: Model
    scores: Scores | None
    runs: Sequence[Answers]
    seeds: int
    missing_folds: int
    failed: Sequence[Record]

    @property
    def is_cut_off(self) -> bool:
        """Say whether a run was ended by the limit."""
        return any(run.cut_off for run in self.runs)

    def mean(self, name: str) -> float:
        """Average a number over the runs."""
        return float(statistics.mean(getattr(run, name) for run in self.runs))

    def speed(self, words: str, seconds: str) -> float:
        """Divide words by seconds, both of all runs together."""
        return self.mean(words) / max(1e-6, self.mean(seconds))


def results(data: str, records: Mapping[Key, Record]) -> list[Result]:
    """Judge all models that have a record, the most accurate first; those without answers come last."""
    own = {name: [r for r in records.values() if (r.data, r.model) == (data, name)] for name in MODELS}
    answered = {name: _by_seed(data, found) for name, found in own.items() if found}
    scores = _scores(data, answered)
    found = [_result(data, name, own[name], answered[name], scores.get(name)) for name in answered]
    return sorted(found, key=lambda result: -result.scores.accuracy.value if result.scores else 1.0)


def above_median(found: Mapping[str, Sequence[Result]]) -> dict[str, float]:
    """Average how far each model's accuracy is above the median of a data set, over all that it has; highest first."""
    above: dict[str, list[float]] = {}
    for results in found.values():
        accuracies = {result.model.name: result.scores.accuracy.value for result in results if result.scores}
        middle = statistics.median(accuracies.values()) if accuracies else 0.0
        for name, accuracy in accuracies.items():
            above.setdefault(name, []).append(accuracy - middle)
    means = {name: statistics.mean(values) for name, values in above.items()}
    return dict(sorted(means.items(), key=lambda item: -item[1]))


def _by_seed(data: str, records: Sequence[Record]) -> list[dict[int | None, Answers]]:
    """Gather the answers of each seed by fold: of all seeds that answered all texts, or of the one that has most."""
    seeds: dict[int, dict[int | None, Answers]] = {}
    for record in records:
        if record.answers:
            seeds.setdefault(record.seed, {})[record.fold] = record.answers
    wanted = set(fold_numbers(data))
    whole = [folds for _, folds in sorted(seeds.items()) if set(folds) == wanted]
    return whole or sorted(seeds.values(), key=len)[-1:]


def _scores(data: str, answered: Mapping[str, Sequence[Mapping[int | None, Answers]]]) -> dict[str, Scores]:
    wanted, truth = fold_numbers(data), judged(data).labels
    whole = {name: seeds for name, seeds in answered.items() if seeds and len(seeds[0]) == len(wanted)}
    found: dict[str, Scores] = {}
    if whole:
        predictions = [_answered(data, seeds, twice=not MODELS[name].by_chance) for name, seeds in whole.items()]
        best = [*whole].index(REFERENCE) if REFERENCE in whole else 0
        compared = paired_bootstrap(predictions, truth, best=best).models
        if REFERENCE not in whole:
            compared = [replace(scores, difference=None) for scores in compared]
        found |= dict(zip(whole, compared, strict=True))
    for name, seeds in answered.items():
        if seeds and name not in whole:
            rows = np.sort(np.concatenate([tested_rows(data, fold) for fold in seeds[0]]))
            own = _answered(data, seeds, twice=False)[:, rows]
            found[name] = paired_bootstrap([own], truth[rows], best=0).models[0]
    return found


def _answered(data: str, seeds: Sequence[Mapping[int | None, Answers]], *, twice: bool) -> IntArray:
    """Put the answers of the folds together: (seeds, texts), -1 where there is none.

    What leaves nothing to chance stands for two seeds, which tell the bootstrap so.
    """
    found = np.full((len(seeds), len(judged(data))), -1)
    for row, folds in zip(found, seeds, strict=True):
        for fold, answers in folds.items():
            row[tested_rows(data, fold)] = unpacked(answers.answers)
    return np.repeat(found, 2, axis=0) if twice and len(found) == 1 else found


def _result(
    data: str,
    name: str,
    records: Sequence[Record],
    seeds: Sequence[Mapping[int | None, Answers]],
    scores: Scores | None,
) -> Result:
    runs = [answers for folds in seeds for answers in folds.values()]
    missing = len(fold_numbers(data)) - (len(seeds[0]) if seeds else 0)
    return Result(MODELS[name], scores, runs, len(seeds), missing, [r for r in records if r.failed])
