"""What least probabilities leave, how good it is, a model's own threshold → precision against coverage, a figure."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.coverage import Coverage
from unrolled.evaluation.evaluation import Promised
from unrolled.reports.page import Figure
from unrolled.reports.svg import Drawing, element, path, words
from unrolled.reports.table import Table

WIDTH, LEFT, EDGE, TOP, BOTTOM = 760, 60, 600, 40, 300
MARK = 5.0  # half the side of the square at the threshold
ROWS = 10  # of the table, besides the model's own


def coverage_figure(curve: Sequence[Coverage], promised: Promised | None = None, own: Coverage | None = None) -> Figure:
    """Show the curve, from the surest texts to all; `own` is what the promised threshold leaves, if there is one.

    A point whose threshold answers nothing has no precision and isn't drawn.
    """
    title = "How many of the answers are right, by how many texts are answered"
    drawn = [one for one in curve if one.accuracy]
    return Figure(_drawing(title, drawn, promised, own), _findings(curve, promised, own), _table(curve, own))


def _drawing(title: str, curve: Sequence[Coverage], promised: Promised | None, own: Coverage | None) -> Drawing:
    shown = [one for one in (*curve, own) if one]
    floor = _floor([one.accuracy.low for one in shown if one.accuracy], promised)
    parts = [words(title, LEFT, 22, class_="ink title"), _frame(floor)]
    kept = [(one.coverage, one.accuracy) for one in curve if one.accuracy]
    if kept:
        around = [*((x, y.low) for x, y in kept), *((x, y.high) for x, y in reversed(kept))]
        parts.append(path([_place(x, y, floor) for x, y in around], "band fill0", closed=True))
        parts.append(path([_place(x, y.value, floor) for x, y in kept], "line line0"))
    if promised:
        level = _place(0, promised.target_precision, floor)[1]
        parts.append(path([(LEFT, level), (EDGE, level)], "line line1 dashed"))
        parts.append(words(f"promised {100 * promised.target_precision:g} %", EDGE + 8, level + 4))
    if own and own.accuracy:
        parts.append(_mark(own, own.accuracy, floor))
    parts.append(words("texts answered, the surest first", (LEFT + EDGE) / 2, BOTTOM + 38, anchor="middle"))
    return Drawing(WIDTH, BOTTOM + 56, "".join(parts), title)


def _floor(lows: Sequence[float], promised: Promised | None) -> int:
    """Begin at the tenth below everything that is drawn."""
    least = min([*lows, *([promised.target_precision] if promised else []), 0.9])
    return int(10 * least)


def _place(coverage: float, precision: float, floor: int) -> tuple[float, float]:
    height = (10 * precision - floor) / (10 - floor)
    return LEFT + coverage * (EDGE - LEFT), BOTTOM - max(0.0, height) * (BOTTOM - TOP)


def _frame(floor: int) -> str:
    parts = []
    for tenth in range(floor, 11):
        (_, y) = _place(0, tenth / 10, floor)
        parts += [path([(LEFT, y), (EDGE, y)], "rule"), words(f"{10 * tenth} %", LEFT - 8, y + 4, anchor="end")]
    for fifth in range(6):
        x, _ = _place(fifth / 5, 1, floor)
        parts.append(words(f"{20 * fifth} %", x, BOTTOM + 18, anchor="middle"))
    return "".join(parts)


def _mark(own: Coverage, precision: Interval, floor: int) -> str:
    x, y = _place(own.coverage, precision.value, floor)
    square = element("rect", x=x - MARK, y=y - MARK, width=2 * MARK, height=2 * MARK, class_="fill1")
    # the curve seldom comes near the frame's foot
    foot = path([(x, y), (x, float(BOTTOM))], "line line1")
    side = "end" if own.coverage > 0.5 else "start"
    beside = x - 8 if side == "end" else x + 8
    return foot + square + words(f"threshold {own.min_probability:.3g}", beside, BOTTOM - 8, anchor=side)


def _findings(curve: Sequence[Coverage], promised: Promised | None, own: Coverage | None) -> list[str]:
    said = []
    if curve and (last := curve[-1]).accuracy:
        said.append(f"Of all {last.rows:,} texts, {_precision(last.accuracy)} are answered right.")
    if own and own.accuracy:
        least = f"{100 * own.coverage:.1f} %, those with a probability of {own.min_probability:.3g} or more"
        said.append(f"The model's threshold answers {least}; of these {_precision(own.accuracy)} are right.")
    if promised:
        said.append(_promise(promised, own))
    return said


def _promise(promised: Promised, own: Coverage | None) -> str:
    share = f"{100 * promised.target_precision:g} %"
    if promised.threshold is None:
        return f"No threshold kept the promise of {share}: the model answers nothing unless it is told to."
    if own is None or own.accuracy is None:
        return f"Promised were {share}; none of these texts is answered."
    if own.accuracy.value >= promised.target_precision:
        return f"Promised were {share}: kept on these texts."
    sure = " by more than chance" if own.accuracy.high < promised.target_precision else ", which may be chance"
    return f"Promised were {share}: missed on these texts{sure}."


def _precision(precision: Interval) -> str:
    return f"{100 * precision.value:.1f} % [{100 * precision.low:.1f}, {100 * precision.high:.1f}]"


def _table(curve: Sequence[Coverage], own: Coverage | None) -> Table:
    step = max(1, -(-len(curve) // ROWS))
    chosen = [*reversed(curve[::-1][::step]), *([own] if own else [])]
    rows = [_row(one, own) for one in sorted(chosen, key=lambda one: (one.rows, one is own))]
    return Table(["least probability", "texts answered", "coverage", "precision", "95 % interval"], rows)


def _row(one: Coverage, own: Coverage | None) -> list[str]:
    name = f"{one.min_probability:.4g}" + (" (the model's own)" if one is own else "")
    if one.accuracy is None:
        return [name, "0", "0.0 %", "–", "–"]
    value, interval = _precision(one.accuracy).split(" [")
    return [name, f"{one.rows:,}", f"{100 * one.coverage:.1f} %", value, f"[{interval}"]
