"""What was compared → the models in the order in which they are shown, and the mark of each."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.comparison.result import ComparisonResult, Model, Run
from unrolled.reports.charts.marks import Mark

STATES = {"finished": "", "unfinished": "unfinished", "failed": "failed", "not_run": "not run"}
LEGEND = (
    "A square is the recommended model, a diamond the one selected on validation, of the finished if there are any; "
    "hollow and dashed is what is not finished."
)


def measured(compared: ComparisonResult) -> list[Model]:
    """Return the models with an accuracy: the finished by it, then, as nothing is said against them, the unfinished."""
    known = [model for model in compared.models if model.accuracy is not None]
    return sorted(known, key=lambda model: (model.state != "finished", -accuracy(model)))


def finished(models: Sequence[Model]) -> list[Model]:
    """Keep the finished ones."""
    return [model for model in models if model.state == "finished"]


def only_finished(models: Sequence[Model]) -> Model | None:
    """Return the finished model that has no other to be compared with."""
    done = finished(models)
    return done[0] if len(done) == 1 else None


def some_are_finished(models: Sequence[Model]) -> bool:
    """Return whether there are finished models and others, so that one is selected among the finished."""
    return 0 < len(finished(models)) < len(models)


def ranked(compared: ComparisonResult) -> list[Model]:
    """Return all models: the measured, then the others as they were asked for."""
    return [*measured(compared), *(model for model in compared.models if model.accuracy is None)]


def selected(compared: ComparisonResult) -> Model | None:
    """Return the model that was selected on validation, if it was measured on the test texts."""
    return named(compared, compared.selected)


def recommended(compared: ComparisonResult) -> Model | None:
    """Return the recommended model, if there is one."""
    return named(compared, compared.recommendation.model) if compared.recommendation else None


def named(compared: ComparisonResult, name: str) -> Model | None:
    """Return the measured model of this name."""
    return next((model for model in measured(compared) if model.name == name), None)


def accuracy(model: Model) -> float:
    """Return the accuracy of a model that was measured."""
    return model.accuracy.value if model.accuracy else 0.0


def mark_of(compared: ComparisonResult, model: Model) -> Mark:
    """Make a model's mark; its word says in short what the mark means."""
    words = [word for word, one in (("recommended", recommended), ("selected", selected)) if one(compared) is model]
    shape, colour = {"recommended": ("square", 2), "selected": ("diamond", 1)}.get(
        words[0] if words else "", ("circle", 0)
    )
    hollow = model.state != "finished"
    return Mark(shape, colour, hollow, ", ".join([*words, *([STATES[model.state]] if hollow else [])]))


def was_cut(run: Run) -> bool:
    """Return whether a training was stopped from outside before it was done."""
    return run.stopped in ("budget", "interrupted")
