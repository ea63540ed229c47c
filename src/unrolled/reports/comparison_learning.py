"""What was compared → figures of how each model learned, by epoch and by seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from statistics import median

from unrolled.comparison.result import ComparisonResult, Model, Run
from unrolled.formatting import quantities as write
from unrolled.reports.charts.line_grid import Panel, Series, line_grid
from unrolled.reports.charts.linear_scale import linear_scale_of
from unrolled.reports.charts.log_scale import scale_of
from unrolled.reports.extremes import least, most
from unrolled.reports.page import Figure
from unrolled.reports.ranking import finished, mark_of, ranked, was_cut
from unrolled.reports.table import Table

NEAR = 0.01  # of a run's own highest validation accuracy, from which it is said to be there
MARKED = "Each thin line is a seed and ends in a mark, hollow and dashed where training was cut off."


def learning_figures(compared: ComparisonResult) -> list[Figure]:
    """Draw the accuracy on the validation texts over epochs, and again over seconds."""
    models = [model for model in ranked(compared) if _runs_of(model)]
    if not models:
        return []
    title, cut = "Validation accuracy, %, over", _cut_off(models)
    first = f"Epochs, their seconds and what stopped them are those of the first of {compared.parts} folds."
    drawn = [MARKED, *([first] if compared.parts > 1 else [])]
    by_epoch = line_grid(
        f"{title} epochs", "epoch", _panels(compared, models, by_time=False), partial(linear_scale_of, least=1.0)
    )
    by_time = line_grid(
        f"{title} seconds of training",
        "seconds since training began, on a logarithmic scale",
        _panels(compared, models, by_time=True),
        partial(scale_of, plain=True),
    )
    return [
        Figure(by_epoch, [_longest(models), *cut, *drawn], _ends(models), "Learning by epoch"),
        Figure(by_time, [_first_to_peak(models), *cut, *drawn], _epochs(models), "Learning by time"),
    ]


def _runs_of(model: Model) -> list[Run]:
    return [run for run in model.runs if run.history]


def _panels(compared: ComparisonResult, models: Sequence[Model], *, by_time: bool) -> list[Panel]:
    return [
        Panel(
            model.name,
            [
                Series(
                    [(e.seconds if by_time else float(e.epoch), 100 * e.validation_accuracy) for e in run.history],
                    mark=replace(mark_of(compared, model), hollow=was_cut(run)),
                )
                for run in _runs_of(model)
            ],
        )
        for model in models
    ]


def _peak(run: Run) -> float:
    return max(epoch.validation_accuracy for epoch in run.history)


def _epochs_to_peak(run: Run) -> int:
    return next(epoch.epoch for epoch in run.history if epoch.validation_accuracy == _peak(run))


def _seconds_to_near(run: Run) -> float:
    return next(epoch.seconds for epoch in run.history if epoch.validation_accuracy >= _peak(run) - NEAR)


def _longest(models: Sequence[Model]) -> str:
    """Describe who needs the fewest and the most epochs to its peak, of those that were finished."""
    needed = {model.name: median(map(_epochs_to_peak, _runs_of(model))) for model in finished(models)}
    if not needed:
        return "No model was trained to its end."
    quick, slow = least(needed), most(needed)
    first = f"{write.all_of(quick, 'reaches its', 'reach their')} highest validation accuracy after "
    first += _many_epochs(needed[quick[0]])
    if quick == slow:
        return f"{first}, {_medians(quick)}."
    last = f"{write.join_names(slow)} after {_many_epochs(needed[slow[0]])}"
    return f"{first}, {last}: the fewest and the most of the finished models, medians over the seeds."


def _medians(names: Sequence[str]) -> str:
    return "the median of its seeds" if len(names) == 1 else "medians over the seeds"


def _many_epochs(number: float) -> str:
    return f"{number:g} epoch{'' if number == 1 else 's'}"


def _first_to_peak(models: Sequence[Model]) -> str:
    """Describe who comes near its own peak the soonest and the latest, of those that were finished."""
    needed = {model.name: median(map(_seconds_to_near, _runs_of(model))) for model in finished(models)}
    if not needed:
        return "No model was trained to its end."
    quick, slow = least(needed), most(needed)
    near = f"within {write.points_of(NEAR)} of"
    first = f"{write.all_of(quick, f'comes {near} its', f'come {near} their')} own highest validation accuracy after "
    first += write.seconds(needed[quick[0]])
    if quick == slow:
        return f"{first}, {_medians(quick)}."
    last = f"{write.join_names(slow)} after {write.seconds(needed[slow[0]])}"
    return f"{first}, {last}: the soonest and the latest, medians."


def _cut_off(models: Sequence[Model]) -> list[str]:
    cut = [(sum(map(was_cut, _runs_of(model))), len(_runs_of(model)), model.name) for model in models]
    cut_off = [name if some == every else f"{some} of {every} seeds of {name}" for some, every, name in cut if some]
    return [f"Cut off before early stopping could end them: {write.join_names(cut_off)}."] if cut_off else []


def _ends(models: Sequence[Model]) -> Table:
    heading = ["model, seed", "epochs", "highest validation accuracy, %", "in epoch", "test accuracy, %", "stopped by"]
    rows = [
        [
            f"{model.name}, {run.seed}",
            str(run.history[-1].epoch),
            write.percent(_peak(run)),
            str(_epochs_to_peak(run)),
            write.percent(run.accuracy),
            run.stopped,
        ]
        for model in models
        for run in _runs_of(model)
    ]
    return Table(heading, rows)


def _epochs(models: Sequence[Model]) -> Table:
    heading = ["model, seed, epoch", "seconds", "validation accuracy, %", "validation loss", "training loss"]
    rows = [
        [
            f"{model.name}, {run.seed}, {epoch.epoch}",
            f"{epoch.seconds:.2f}",
            write.percent(epoch.validation_accuracy),
            f"{epoch.validation_loss:.4f}",
            write.NONE if epoch.loss is None else f"{epoch.loss:.4f}",
        ]
        for model in models
        for run in _runs_of(model)
        for epoch in run.history
    ]
    return Table(heading, rows)
