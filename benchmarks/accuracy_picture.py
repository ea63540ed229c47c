"""Results of all data sets → a picture: a row a model, a small panel a data set, accuracies with their intervals.

Ours are circles, others diamonds, hollow what was cut off or lacks folds. Rows stand in the order of how far a model is
from the median of its data sets; an accuracy far below the best is a triangle at its panel's edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.accuracy_results import Result, above_median
from benchmarks.judged_models import MODELS
from unrolled.evaluation.bootstrap import Interval
from unrolled.formatting import quantities as write
from unrolled.reports.charts.clipped import arrow, is_clipped
from unrolled.reports.charts.linear_scale import LinearScale, linear_scale_of
from unrolled.reports.charts.marks import Mark, mark, reach
from unrolled.reports.charts.svg import Drawing, element, path, words

LEFT, WIDE, GAP, TOP, ROW, NUMBER = 190, 150, 16, 86, 22, 34
HALF = 4.0  # of a mark
FAR = 6.0  # points below the best, beyond which there is no room
FURTHER = Mark("left", 1)
OURS, THEIRS = Mark("circle", 0), Mark("diamond", 1)


def drawn(found: Mapping[str, Sequence[Result]]) -> Drawing:
    """Draw all data sets that have results."""
    shown = {data: [r for r in results if r.scores] for data, results in found.items()}
    shown = {data: results for data, results in shown.items() if results}
    names = [*above_median(found)]
    title = "Accuracy on test texts, %, with 95 % intervals"
    parts = [words(title, 0, 22, class_="ink title"), *_legend()]
    width, bottom = LEFT + WIDE * len(shown), TOP + ROW * len(names)
    for number, name in enumerate(names):
        y = TOP + ROW * (number + 0.5)
        parts.append(words(name, 0, y + 4, class_="ink title" if MODELS[name].is_ours else "ink"))
        parts.append(path([(0, y + ROW / 2), (width, y + ROW / 2)], "rule"))
    for number, (data, results) in enumerate(shown.items()):
        parts.append(_panel(data, results, names, LEFT + number * WIDE, bottom))
    return Drawing(width, bottom + 30, "".join(parts), title)


def _legend() -> list[str]:
    parts, x = [], HALF + 2
    hollow = (replace(OURS, hollow=True), "hollow: cut off, or folds are missing")
    for kind, told in (
        (OURS, "ours"),
        (THEIRS, "others"),
        hollow,
        (FURTHER, "further left, as an interval that ends in an arrow"),
    ):
        parts += [mark(x, 42, kind, HALF), words(told, x + 10, 46)]
        x += 30 + 6.6 * len(told)
    return parts


def _panel(data: str, results: Sequence[Result], names: Sequence[str], left: float, bottom: float) -> str:
    first, last = left + reach(HALF), left + WIDE - GAP - NUMBER
    best = max(_accuracy(result).value for result in results)
    reached = [max(bound, best - FAR) for result in results for bound in _bounds(_accuracy(result))]
    scale = linear_scale_of(reached, first, last, least=(max(reached) - min(reached)) / 3)
    parts = [words(data, first, TOP - 14, class_="ink title")]
    for x, label in scale.ticks():
        parts += [path([(x, TOP), (x, bottom + 4)], "rule"), words(label, x, bottom + 19, anchor="middle")]
    for result in results:
        y = TOP + ROW * (names.index(result.model.name) + 0.5)
        parts.append(_mark(result, scale, y))
        parts.append(words(f"{_accuracy(result).value:.1f}", left + WIDE - GAP, y + 4, anchor="end"))
    return "".join(parts)


def _mark(result: Result, scale: LinearScale, y: float) -> str:
    found = _accuracy(result)
    drawn = replace(OURS if result.model.is_ours else THEIRS, hollow=result.is_cut_off or result.missing_folds > 0)
    if found.value < scale.low:
        return mark(scale.bottom + reach(HALF), y, replace(drawn, shape="left"), HALF)
    low, middle, high = map(scale.place, _bounds(found))
    whisker = path([(low, y), (high, y)], f"line line{drawn.colour}")
    further = [arrow(low, y, f"line line{drawn.colour}", across=-1)] if is_clipped(found, scale)[0] else []
    return element("g", whisker, *further, mark(middle, y, drawn, HALF))


def _bounds(found: Interval) -> tuple[float, float, float]:
    return found.low, found.value, found.high


def _accuracy(result: Result) -> Interval:
    if result.scores is None:
        raise ValueError(f"{result.model.name} has no scores")
    return write.in_percent(result.scores.accuracy)
