"""What was compared → figures of what models cost: accuracy against latency, and parameters, size, times and rates."""

from __future__ import annotations

from collections.abc import Callable

from unrolled.comparison.result import ComparisonResult, Model
from unrolled.formatting import quantities as write
from unrolled.reports.charts.dot_grid import Column, dot_grid
from unrolled.reports.charts.scatter import Point, front, scatter
from unrolled.reports.extremes import least, most
from unrolled.reports.page import Figure
from unrolled.reports.ranking import LEGEND, STATES, finished, mark_of, measured, only_finished
from unrolled.reports.table import Table


def _over(number: int | None, unit: float) -> float | None:
    return None if number is None else number / unit


def _alone(model: Model) -> str:
    return write.milliseconds(model.milliseconds_alone)


def latency_figure(compared: ComparisonResult) -> Figure | None:
    """Draw accuracy against the time that a text alone takes."""
    models = [model for model in measured(compared) if model.milliseconds_alone]
    points = [
        Point(m.name, m.milliseconds_alone, write.in_percent(m.accuracy), mark_of(compared, m), m.state == "finished")
        for m in models
        if m.accuracy and m.milliseconds_alone
    ]
    if not points:
        return None
    title = "Test accuracy with its 95 % confidence interval, against the time that a text alone takes"
    drawing = scatter(
        title, "milliseconds for a text alone (median), to the left is faster", "test accuracy, %", points
    )
    first = front(points)
    on_it = {point.name for point in first}
    rows = [
        [
            m.name,
            write.milliseconds(m.milliseconds_alone),
            write.interval(m.accuracy),
            "yes" if m.name in on_it else "no" if m.state == "finished" else STATES[m.state],
        ]
        for m in models
    ]
    table = Table(["model", "a text alone", "test accuracy, % [95 %]", "on the front"], rows)
    return Figure(
        drawing, [_on_the_front(first, models), *_without(compared, models), LEGEND], table, "Accuracy and speed"
    )


def _on_the_front(first: list[Point], models: list[Model]) -> str:
    if not first:
        return "No finished model's speed was measured."
    costs_of = [f"{point.name} ({write.milliseconds(point.cost)}, {point.gain.value:.1f} %)" for point in first]
    if len(first) == 1:
        if only_finished(models):
            return f"{costs_of[0]} is the only finished model."
        return f"No finished model is faster or more accurate than {costs_of[0]}."
    ratio, more = write.times(first[-1].cost / first[0].cost), first[-1].gain.value - first[0].gain.value
    return (
        f"No finished model beats {write.join_names(costs_of)} in both speed and accuracy: they are the dashed line. "
        f"From its first to its last a text takes {ratio} as long for {write.points_of(more / 100)} more."
    )


def _without(compared: ComparisonResult, models: list[Model]) -> list[str]:
    names = [model.name for model in measured(compared) if model not in models]
    return [f"Without a measured speed: {write.join_names(names)}."] if names else []


_Number = Callable[[Model], float | None]

# title, what is good, the number, how it is written in a table
COSTS: tuple[tuple[str, str, _Number, Callable[[Model], str]], ...] = (
    ("parameters", "fewer is better", lambda m: m.parameters, lambda m: write.count(m.parameters)),
    ("MB on disk", "less is better", lambda m: _over(m.size, 1e6), lambda m: write.size(m.size)),
    ("training s", "less is better", lambda m: m.training_seconds, lambda m: write.seconds(m.training_seconds)),
    ("texts/s", "more is better", lambda m: m.texts_per_second, lambda m: write.count(m.texts_per_second)),
    ("ms, one text", "less is better", lambda m: m.milliseconds_alone, _alone),
)
VERBS = (  # of one model and of several
    ("has the fewest parameters", "have the fewest parameters"),
    ("is the smallest on disk", "are the smallest on disk"),
    ("trains in the shortest time", "train in the shortest time"),
    ("reads the most texts per second", "read the most texts per second"),
    ("reads a text alone the fastest", "read a text alone the fastest"),
)


def costs_figure(compared: ComparisonResult) -> Figure | None:
    """Draw what each model needs of memory and of time."""
    models = [m for m in measured(compared) if any(number(m) is not None for _, _, number, _ in COSTS)]
    if not models:
        return None
    columns = [
        Column(title, good, [*map(number, models)], [write.count(number(m)) for m in models])
        for title, good, number, _ in COSTS
    ]
    marks = [mark_of(compared, model) for model in models]
    drawing = dot_grid(
        "What each model needs; scales begin at 0 unless they are logarithmic",
        [m.name for m in models],
        marks,
        columns,
    )
    rows = [
        [m.name, write.exact_count(m.parameters), *(write_cost(m) for *_, write_cost in COSTS[1:]), STATES[m.state]]
        for m in models
    ]
    table = Table(["model", *(title for title, *_ in COSTS), ""], rows)
    return Figure(drawing, [_lowest_costs(models), *_apart(models), LEGEND], table, "Memory and time")


def _lowest_costs(models: list[Model]) -> str:
    """Name the finished models that need least, quantity by quantity."""
    if only := only_finished(models):
        needs = f"{write.exact_count(only.parameters)} parameters, {write.size(only.size)} on disk"
        return f"{only.name} is the only finished model: {needs}."
    won: dict[str, list[str]] = {}
    for (_, good, number, write_cost), (one, many) in zip(COSTS, VERBS, strict=True):
        known = {m.name: value for m in finished(models) if (value := number(m)) is not None}
        if known:
            names = (most if good.startswith("more") else least)(known)
            costs_of = next(write_cost(m) for m in models if m.name == names[0])
            verb = one if len(names) == 1 else many
            won.setdefault(write.join_names(names), []).append(f"{verb} ({costs_of})")
    if not won:
        return "No finished model's costs were measured."
    return f"Of the finished models {'; '.join(f'{name} {write.join_names(verbs)}' for name, verbs in won.items())}."


def _apart(models: list[Model]) -> list[str]:
    known = sorted(m.training_seconds for m in finished(models) if m.training_seconds)
    if len(known) < 2:
        return []
    return [f"The slowest to train takes {write.times(known[-1] / known[0])} as long as the quickest, on this machine."]
