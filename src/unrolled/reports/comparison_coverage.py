"""What was compared → a figure of how many answers are right where a model answers only the texts it is surest of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.comparison.result import ComparisonResult, Coverage, Model
from unrolled.formatting import quantities as write
from unrolled.reports.charts.line_grid import Panel, Series, line_grid
from unrolled.reports.charts.linear_scale import linear_scale_of
from unrolled.reports.extremes import most
from unrolled.reports.page import Figure
from unrolled.reports.ranking import finished, mark_of, measured, selected
from unrolled.reports.table import Table

SHARES = (0.5, 0.8)  # shares of the texts that the caption speaks of
ROWS = (0.2, 0.4, 0.6, 0.8, 1.0)  # and those of the table

Point = tuple[float, float]  # coverage and precision


def coverage_figure(compared: ComparisonResult) -> Figure | None:
    """Draw a panel a model, the selected one's line in each to compare with."""
    models = [model for model in measured(compared) if _shares_and_precisions(model.coverage)]
    if not models:
        return None
    leader = selected(compared)
    compare = [Series(_points(leader), grey=True)] if leader and _shares_and_precisions(leader.coverage) else []
    panels = [
        Panel(
            model.name,
            [*(compare if model is not leader else []), Series(_points(model), mark=mark_of(compared, model))],
        )
        for model in models
    ]
    drawing = line_grid(
        "Right among the answers, %, by how many test texts are answered",
        "test texts answered, %",
        panels,
        linear_scale_of,
    )
    dashed = [f"The grey dashed line is {leader.name}."] if compare and leader and len(models) > 1 else []
    return Figure(
        drawing, [*_best_precision(models), *dashed, _definition()], _table(models), "Precision against coverage"
    )


def _definition() -> str:
    return (
        "Answered are the test texts of the highest probability (`predict --min-probability`), of all seeds together."
    )


def _shares_and_precisions(coverage: Sequence[Coverage]) -> list[Point]:
    return sorted((one.coverage, one.accuracy.value) for one in coverage if one.accuracy)


def _points(model: Model) -> list[tuple[float, float]]:
    return [(100 * coverage, 100 * precision) for coverage, precision in _shares_and_precisions(model.coverage)]


def _at(model: Model, share: float) -> float | None:
    """Return the precision where this share is answered, or None where nobody measured that far.

    Between two points, as where many texts are equally sure, those that lie between are right as often as each other.
    """
    coverage, precision = (
        np.array([0.0, *column]) for column in zip(*_shares_and_precisions(model.coverage), strict=True)
    )
    if share > coverage[-1]:
        return None
    return float(np.interp(share, coverage, coverage * precision) / share)


def _best_precision(models: Sequence[Model]) -> list[str]:
    """Describe which finished model is right most often when it may leave texts out."""
    caption = []
    for share in SHARES:
        found = {model.name: precision for model in finished(models) if (precision := _at(model, share)) is not None}
        if found:
            first = most(found)
            right = f"right on {write.percent(found[first[0]])} % of the surest {100 * share:.0f} % of the test texts"
            more = f", the most of {write.plural(len(found), 'finished model')}" if len(first) < len(found) else ""
            caption.append(f"{write.all_of(first, 'is', 'are')} {right}{more}.")
    return caption or ["No finished model tells how sure it is."]


def _table(models: Sequence[Model]) -> Table:
    rows = [[f"{100 * share:.0f} %", *(write.percent(_at(model, share)) for model in models)] for share in ROWS]
    return Table(["texts answered", *(f"{model.name}, % right" for model in models)], rows)
