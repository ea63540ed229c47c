"""What was compared → figures of each model's accuracy and its distance from the selected one, and McNemar's tests."""

from __future__ import annotations

import math

from unrolled.comparison.result import ComparisonResult, Model
from unrolled.formatting import quantities as write
from unrolled.reports.charts.intervals import Row, intervals
from unrolled.reports.extremes import most
from unrolled.reports.page import Figure, Listing
from unrolled.reports.ranking import (
    LEGEND,
    STATES,
    accuracy,
    finished,
    mark_of,
    measured,
    only_finished,
    ranked,
    recommended,
    selected,
    some_are_finished,
)
from unrolled.reports.table import Table

FAR = 10  # margins below the selected model, beyond which a difference is drawn as a triangle at the edge
LIKELY = 0.05  # a p-value below it is told as a difference


def accuracy_figure(compared: ComparisonResult) -> Figure | None:
    """Draw each model's accuracy on the test texts."""
    models = measured(compared)
    if not models:
        return None
    rows = [
        Row(model.name, write.in_percent(model.accuracy), write.interval(model.accuracy), mark_of(compared, model))
        for model in models
        if model.accuracy
    ]
    texts = write.plural(compared.test_rows, "test text")
    title = f"How many of {texts} each model gets right, with 95 % confidence intervals"
    cells = [
        [
            m.name,
            write.percent(m.validation_accuracy),
            write.interval(m.accuracy),
            write.interval(m.macro_f1),
            STATES[m.state],
        ]
        for m in models
    ]
    heading = ["model", "validation accuracy, %", "test accuracy, % [95 %]", "test macro F1, % [95 %]", ""]
    drawing, table = intervals(title, "test accuracy, %", rows), Table(heading, cells)
    caption = [_best_accuracy(compared), *_not_measured(compared), *_already_higher(models), LEGEND]
    return Figure(drawing, caption, table, "Accuracy")


def _best_accuracy(compared: ComparisonResult) -> str:
    """Describe who is the most accurate on the test texts, and how the recommended one compares."""
    models = measured(compared)
    done = {model.name: accuracy(model) for model in finished(models)}
    if not done:
        return f"No model was finished; the clock stopped {write.join_names([model.name for model in models])}."
    if only := only_finished(models):
        return f"{only.name} is the only finished model: its test accuracy is {write.percent(accuracy(only))} %."
    top, among = most(done), "Of the finished models " if some_are_finished(models) else ""
    leader = selected(compared) or finished(models)[0]
    highest = f"the highest test accuracy, {write.percent(done[top[0]])} %"
    if leader.name in top:
        caption = f"{among}{write.all_of(top, 'has', 'have')} {highest}"
    else:
        caption = (
            f"{among}{write.all_of(top, 'has', 'have')} {highest}; {leader.name}, which was selected on validation, "
        )
        caption += f"has {write.percent(accuracy(leader))} %"
    return caption + _but(compared, leader) + "."


def _but(compared: ComparisonResult, leader: Model) -> str:
    model = recommended(compared)
    if model is None or model is leader:
        return ""
    faster = ""
    if leader.milliseconds_alone and model.milliseconds_alone:
        ratio = leader.milliseconds_alone / model.milliseconds_alone
        faster = f", {write.times(ratio)} as fast," if ratio >= 1.05 else ""
    if model.surely_above is not None and model.surely_above >= -compared.margin:
        loss = "is surely no worse" if model.surely_above >= 0 else f"loses surely no more than {_margin(compared)}"
        return f", but {model.name}{faster} {loss}"
    return f"; {model.name}{faster} reaches {write.percent(accuracy(model))} %"


def _margin(compared: ComparisonResult) -> str:
    return write.exact_points(compared.margin)


def _already_higher(models: list[Model]) -> list[str]:
    """Name the unfinished models that are above all finished ones as they stand, as printed."""
    most_done = max((accuracy(model) for model in finished(models)), default=1.0)
    higher = [
        f"{model.name} ({write.percent(accuracy(model))} %)"
        for model in models
        if model.state == "unfinished" and round(accuracy(model), 3) > round(most_done, 3)
    ]
    return [f"Unfinished, and higher as they stand: {write.join_names(higher)}."] if higher else []


def _not_measured(compared: ComparisonResult) -> list[str]:
    caption = []
    for state, meaning in (("unfinished", "Unfinished, so that nothing is said against them"), ("failed", "Failed")):
        names = [model.name for model in ranked(compared) if model.state == state]
        caption += [f"{meaning}: {write.join_names(names)}."] if names else []
    return caption


def difference_figure(compared: ComparisonResult) -> Figure | None:
    """Draw how far each model is from the selected one on the test texts, and the margin."""
    models = [model for model in measured(compared) if model.difference]
    if not models:
        return None
    rows = [
        Row(m.name, write.in_percent(m.difference), write.interval(m.difference, signed=True), mark_of(compared, m))
        for m in models
        if m.difference
    ]
    title = f"Test accuracy less that of {compared.selected}, in points, with 95 % confidence intervals"
    floor = _floor(compared.margin, models)
    across = f"points; dashed: the margin, {_margin(compared)}"
    across += "; a triangle: further left" if any(row.interval.value < floor for row in rows) else ""
    cells = [
        [m.name, write.interval(m.difference, signed=True), write.points_above(m.surely_above), STATES[m.state]]
        for m in models
    ]
    heading = ["model", "difference, points [95 %]", "surely above, for all models at once", ""]
    drawing = intervals(title, across, rows, [0.0], [-100 * compared.margin], floor)
    return Figure(drawing, _distance(compared, models), Table(heading, cells), "Distance from the selected model")


def _floor(margin: float, models: list[Model]) -> float:
    """Describe how many points are far, by the margin, unless that is so small that no interval would be seen whole."""
    seen = any(model.difference and model.difference.low >= -FAR * margin for model in models)
    return -100 * FAR * margin if margin and seen else -math.inf


def _distance(compared: ComparisonResult, models: list[Model]) -> list[str]:
    """Sort the finished models into those within the margin, those below it, and those of which nothing is sure."""
    done, margin = finished(models), _margin(compared)
    near = [m for m in done if m.surely_above is not None and m.surely_above >= -compared.margin]
    far = [m for m in done if m not in near and m.difference and m.difference.high < -compared.margin]
    open_ = [m for m in done if m not in near and m not in far]
    unsure = f"may or may not lose more than {margin}: too few texts or seeds to tell"
    groups: list[tuple[list[Model], str, str]] = [
        (near, f"lose surely no more than {margin}", f"loses surely no more than {margin}"),
        (open_, unsure, unsure),
        (
            far,
            f"lose more than {margin}, by their own 95 % intervals",
            f"loses more than {margin}, by its own 95 % interval",
        ),
    ]
    groups_named = [write.all_of([model.name for model in group], one, many) for group, many, one in groups if group]
    first = (
        f"Against {compared.selected}: {'; '.join(groups_named)}."
        if groups_named
        else "No finished model but the selected one was measured."
    )
    return [first, *_not_measured(compared), LEGEND]


def mcnemar_figure(compared: ComparisonResult) -> Listing | None:
    """Lay out McNemar's tests against the selected model, a row a seed."""
    models = [model for model in measured(compared) if model.mcnemar]
    if not models:
        return None
    heading = ["model", "seed", f"only {compared.selected} right", "only this right", "p", "p, Holm", ""]
    rows = [
        [m.name, str(t.seed), f"{t.selected_alone:,}", f"{t.this_alone:,}", _p(t.p), _p(t.p_holm), STATES[m.state]]
        for m in models
        for t in m.mcnemar
    ]
    different = [m.name for m in finished(models) if all(test.p_holm < LIKELY for test in m.mcnemar)]
    names = write.join_names(different) if different else "no finished model"
    caption = (
        f"McNemar's test tells {names} from {compared.selected} in every seed: p below {LIKELY} "
        "after Holm's correction."
    )
    others = "It asks whether two models of one seed err on different texts equally often, not by how much they differ."
    return Listing([caption, others], Table(heading, rows), "McNemar's tests", opened=False)


def _p(p: float) -> str:
    return "<0.0001" if p < 1e-4 else f"{p:.4f}"
