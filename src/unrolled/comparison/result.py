"""Models that were compared, as plain numbers: what `compare` measures, compare.json keeps and the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

# Whoever draws or keeps what was compared finds all of it here, under the same names.
from unrolled.evaluation.bootstrap import Interval as Interval
from unrolled.evaluation.by_length import OfLength as OfLength
from unrolled.evaluation.coverage import Coverage as Coverage
from unrolled.evaluation.mcnemar import McNemar as McNemar

State = Literal["finished", "unfinished", "failed", "not_run"]


@dataclass(frozen=True)
class Epoch:
    """A point of a learning curve: the texts' loss is None where none is measured, seconds are since the run began."""

    epoch: int
    seconds: float
    loss: float | None
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Run:
    """One training of a model, its accuracy on the test texts, and on the validation texts that chose its epoch."""

    seed: int
    accuracy: float
    validation_accuracy: float
    seconds: float  # of training
    stopped: str  # patience, max_epochs, budget, …
    history: Sequence[Epoch]


@dataclass(frozen=True)
class Model:
    """All that was measured of one model; what could not be is None or empty. Means are over the seeds."""

    name: str  # as it was asked for: "lstm --bidirectional"
    encoder: str
    options: Mapping[str, Any]
    state: State
    reason: str = ""  # why it is not finished: one sentence
    parameters: int | None = None
    size: int | None = None  # bytes of the model's folder
    training_seconds: float | None = None  # mean
    texts_per_second: float | None = None  # many together, one thread
    milliseconds_alone: float | None = None  # a text alone, median
    validation_accuracy: float | None = None  # mean; selects a model
    accuracy: Interval | None = None  # on the test texts, as all that follows
    macro_f1: Interval | None = None
    difference: Interval | None = None  # accuracy less that of the selected model, 95 % paired; None of itself
    surely_above: float | None = None  # lower bound of the difference, for all models at once
    mcnemar: Sequence[McNemar] = ()
    runs: Sequence[Run] = ()
    by_length: Sequence[OfLength] = ()
    coverage: Sequence[Coverage] = ()  # what is left where the less sure answers are left out, of all seeds together
    confusion: Sequence[Sequence[int]] = ()  # rows true, columns predicted, in the order of the labels; all seeds


@dataclass(frozen=True)
class Recommendation:
    """The model to take, why, as it follows `Take X: `, and how many test texts would tell more if these don't."""

    model: str
    reason: str
    texts_needed: int | None = None


@dataclass(frozen=True)
class Disagreement:
    """A test text that models read differently: what each says most often over its seeds."""

    row: int
    text: str
    label: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class ComparisonResult:
    """Everything."""

    train: str
    test: str  # the file, or how the texts were split off
    train_rows: int
    test_rows: int
    labels: Sequence[str]
    margin: float  # a share: 0.01 is one point of accuracy
    seeds: int
    budget: float | None  # seconds
    seconds: float
    machine: str
    versions: Mapping[str, str]
    selected: str  # by its validation accuracy, among the finished if there are any; empty where no model was trained
    recommendation: Recommendation | None
    models: Sequence[Model]
    disagreements: Sequence[Disagreement] = ()
    disagreeing: int = 0  # how many test texts at least two models read differently
    notes: Sequence[str] = field(default_factory=tuple)
    parts: int = 1  # folds, or 1 where one part of the texts was tested on
    validation_rows: int | None = None  # of a training (of the first fold); None where models have different numbers

    @property
    def higher_on_test(self) -> list[Model]:
        """List the models with the highest test accuracy, as it is printed, if the selected one's is below it.

        Where models are finished, of these.
        """
        of = {model.name: round(model.accuracy.value, 3) for model in self.models if model.accuracy}
        done = [model for model in self.models if model.state == "finished" and model.name in of]
        rivals = done or [model for model in self.models if model.name in of]
        top = max((of[model.name] for model in rivals), default=0.0)
        return [] if of.get(self.selected, top) >= top else [model for model in rivals if of[model.name] == top]
