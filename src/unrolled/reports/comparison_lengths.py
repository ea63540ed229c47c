"""What was compared → a figure of each model's accuracy by the length of the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unrolled.comparison.result import ComparisonResult, Model, OfLength
from unrolled.formatting import quantities as write
from unrolled.reports.charts.line_grid import Panel, Series, line_grid
from unrolled.reports.charts.linear_scale import linear_scale_of
from unrolled.reports.extremes import least, most
from unrolled.reports.page import Figure
from unrolled.reports.ranking import finished, mark_of, measured, selected
from unrolled.reports.table import Table

MOST_TICKS = 6

Range = tuple[int, int]


def lengths_figure(compared: ComparisonResult) -> Figure | None:
    """Draw a panel a model, the selected one's line in each to compare with."""
    models = [model for model in measured(compared) if model.by_length]
    if not models:
        return None
    ranges = sorted({_range(group) for model in models for group in model.by_length})
    leader = selected(compared)
    compare = [Series(_points(leader, ranges), grey=True)] if leader and leader.by_length else []
    panels = [
        Panel(
            model.name,
            [
                *(compare if model is not leader else []),
                Series(
                    _points(model, ranges),
                    [(100 * group.accuracy.low, 100 * group.accuracy.high) for group in model.by_length],
                    mark_of(compared, model),
                    dotted=True,
                ),
            ],
        )
        for model in models
    ]
    step = -(-len(ranges) // MOST_TICKS)
    ticks = [(float(n), f"{shortest}+") for n, (shortest, _) in enumerate(ranges) if n % step == 0]
    title = "Test accuracy, %, by the length of the texts, with bands of 95 %"
    across = "words of a text: a point stands for texts of at least this many words, below the next point's"
    drawing = line_grid(title, across, panels, linear_scale_of, ticks)
    dashed = [f"The grey dashed line is {leader.name}."] if compare and leader and len(models) > 1 else []
    return Figure(drawing, [*_falls(models, leader), *dashed], _table(models, ranges), "Accuracy by text length")


def _range(group: OfLength) -> Range:
    return group.shortest, group.longest


def _points(model: Model, ranges: Sequence[Range]) -> list[tuple[float, float]]:
    return [(float(ranges.index(_range(group))), 100 * group.accuracy.value) for group in model.by_length]


def _falls(models: Sequence[Model], leader: Model | None) -> list[str]:
    """Describe what the longest texts change for the selected model, and for whom they change most."""
    done = [model for model in finished(models) if len(model.by_length) > 1]
    if not done:
        return ["No finished model has texts of different lengths to compare."]
    shown = leader if leader in done else done[0]
    first, last = shown.by_length[0], shown.by_length[-1]
    caption = [
        f"{shown.name} is right on {write.percent(first.accuracy.value)} % of the shortest test texts "
        f"({_in_words(first)}) and on {write.percent(last.accuracy.value)} % of the longest ({_in_words(last)})."
    ]
    if len(done) > 1:
        changes = {model.name: model.by_length[-1].accuracy.value - model.by_length[0].accuracy.value for model in done}
        caption.append(f"From the shortest to the longest texts {_changes(changes)}.")
    return caption


def _changes(changes: Mapping[str, float]) -> str:
    """Name the models whose accuracy changes least and most favourably."""
    low, high = least(changes), most(changes)
    change = f"{write.all_of(low, 'changes', 'change')} by {write.points(changes[low[0]])} points"
    if low == high:
        return change
    other = f"{write.join_names(high)} by {write.points(changes[high[0]])}"
    return f"{change}, {other}: the least and the most favourable change of the finished models"


def _in_words(group: OfLength) -> str:
    return f"{_span(_range(group))} words, {group.rows:,} of them"


def _span(shortest_and_longest: Range) -> str:
    shortest, longest = shortest_and_longest
    return f"{shortest:,}" if shortest == longest else f"{shortest:,} to {longest:,}"


def _table(models: Sequence[Model], ranges: Sequence[Range]) -> Table:
    rows = []
    for shortest, longest in ranges:
        found = [next((g for g in model.by_length if _range(g) == (shortest, longest)), None) for model in models]
        many = next(group.rows for group in found if group)
        cells = [write.interval(group.accuracy) if group else write.NONE for group in found]
        rows.append([_span((shortest, longest)), f"{many:,}", *cells])
    return Table(["words", "texts", *(f"{model.name}, % [95 %]" for model in models)], rows)
