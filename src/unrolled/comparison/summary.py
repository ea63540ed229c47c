"""What came of all trainings → what is told of each model, the statistics against the best, and the recommendation."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from unrolled.comparison.contestant import Contestant
from unrolled.comparison.judged import Judged, best_of, judged
from unrolled.comparison.kept import Kept
from unrolled.comparison.speed import Speed, speeds
from unrolled.comparison.split import Split
from unrolled.comparison.trial import Record, Trial
from unrolled.comparison.trying import Tried
from unrolled.evaluation.by_length import by_length
from unrolled.evaluation.disagreement import divided
from unrolled.evaluation.mcnemar import mcnemar_tables
from unrolled.evaluation.paired_bootstrap import Scores, paired_bootstrap
from unrolled.evaluation.recommendation import Candidate, recommend
from unrolled.evaluation.text_draws import Bools, Integers
from unrolled.reports.compared import Compared, Disagreement, Epoch, Model, Recommendation, Run
from unrolled.runtime import saved_model
from unrolled.training.clock import monotonic

SHOWN = 50  # texts that models read differently
SPEED, SPEED_SHARE = 1.0, 0.02  # seconds to measure a model's speed, and at most what share of the budget for all


@dataclass(frozen=True)
class Conditions:
    """Under which a comparison is made, as the page tells them."""

    train: str
    test: str
    margin: float  # a share
    seeds: int
    budget: float | None  # seconds
    machine: str
    versions: Mapping[str, str]


def summed_up(
    contestants: Sequence[Contestant], tried: Tried, split: Split, kept: Kept, told: Conditions, *, started: float
) -> Compared:
    """Measure speeds, compare all that is finished with the best of it, and tell the rest as it is."""
    models = judged(contestants, tried, split, told.seeds)
    truth = np.array([split.classes.index(split.labels[row]) for row in split.tested.tolist()])
    best = best_of(models)
    measured = _speeds(models, split, kept, told.budget)
    statistic = {**_alone(models, truth), **(_against(best, models, truth) if best else {})}
    found = [_model(model, statistic.get(model), measured.get(model), split, kept, truth) for model in models]
    found = _with_mcnemar(found, models, best, truth)
    trained = [model for model in models if model.records]
    differing = divided([model.predictions for model in trained], SHOWN) if trained else None
    return Compared(
        **asdict(told),
        train_rows=len(split.texts) - (len(split.tested) if len(split.parts) == 1 else 0),
        test_rows=len(split.tested),
        labels=split.classes,
        seconds=monotonic() - started,
        best=best.contestant.name if best else "",
        recommendation=_recommended(found, models, statistic, best, told.margin, len(truth)),
        models=found,
        disagreements=[
            _disagreement(split, trained, int(row), answers)
            for row, answers in zip(differing.rows, differing.answers, strict=True)
        ]
        if differing
        else [],
        disagreeing=differing.count if differing else 0,
    )
