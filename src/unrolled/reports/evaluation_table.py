"""Evaluation → aligned plain text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from unrolled.errors import printable
from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.confusion import Confusion
from unrolled.evaluation.coverage import Coverage
from unrolled.evaluation.evaluation import Abstaining, ClassScores, Evaluation
from unrolled.formatting.truncate import width

MOST_CLASSES = 12
MOST_UNSEEN = 10
LONGEST_LABEL = 24
LINE = 80


def as_text(evaluation: Evaluation) -> str:
    """Lay out the scores with their intervals, the classes, the confusion matrix, the coverage, the unseen labels."""
    parts = [_scores(evaluation), _classes(evaluation.per_class), _confusion(evaluation.confusion)]
    parts.append(_coverage(evaluation.coverage, evaluation.abstention))
    if evaluation.unseen_labels:
        parts.append(_unseen(evaluation.unseen_labels))
    return "\n\n".join(parts)


def _scores(evaluation: Evaluation) -> str:
    lines = [
        ("accuracy", interval(evaluation.accuracy)),
        ("macro F1", interval(evaluation.macro_f1)),
        ("weighted F1", interval(evaluation.weighted_f1)),
        ("log loss", _log_loss(evaluation)),
        ("calibration error", percent(evaluation.calibration_error) + _before(evaluation.abstention)),
    ]
    title = f"{_rows(evaluation.rows)}; in brackets 95 % confidence intervals, for other texts of the same kind"
    return "\n".join([title, *(f"{name:<17}  {text}" for name, text in lines)])


def _before(abstaining: Abstaining | None) -> str:
    if abstaining is None:
        return ""
    return f"  ({100 * abstaining.calibration_error_before:.1f} % before the temperature {abstaining.temperature:.3g})"


def _log_loss(evaluation: Evaluation) -> str:
    if evaluation.log_loss is None:
        return "none: the model knows no row's label"
    known = evaluation.rows - sum(evaluation.unseen_labels.values())
    text = f"{evaluation.log_loss:>6.3f}"
    return f"{text}  ({_rows(known)} whose label the model knows)" if evaluation.unseen_labels else text


def _classes(per_class: dict[str, ClassScores]) -> str:
    header = ["label", "precision", "recall", "F1", "support"]
    body = [
        [short(label, LONGEST_LABEL), percent(s.precision), percent(s.recall), percent(s.f1), str(s.support)]
        for label, s in per_class.items()
    ]
    return aligned([header, *body])


def _confusion(confusion: Confusion) -> str:
    count = len(confusion.labels)
    if count > MOST_CLASSES:
        return f"Confusion matrix: {count} labels are too many for a terminal, --json has it."
    names = [short(label, LONGEST_LABEL) for label in confusion.labels]
    # Shortened headers stay readable because columns and rows have one order.
    room = max(4, (LINE - max(map(width, names))) // count - 2)
    header = ["", *(short(label, room) for label in confusion.labels)]
    body = [[name, *map(str, row)] for name, row in zip(names, confusion.matrix.tolist(), strict=True)]
    return "Confusion matrix: rows true, columns predicted, in the same order\n" + aligned([header, *body])


def _coverage(coverage: list[Coverage], abstaining: Abstaining | None) -> str:
    own = abstaining.threshold if abstaining else None
    header = ["--min-probability", "rows answered", "coverage", "accuracy of these"]
    body = [
        [
            f"{one.min_probability:g}" + (" *" if one.min_probability == own else ""),
            str(one.rows),
            percent(one.coverage),
            interval(one.accuracy) if one.accuracy else "–",
        ]
        for one in coverage
    ]
    table = "What predict answers; in brackets 95 % confidence intervals (Wilson)\n" + aligned([header, *body])
    return f"{table}\n{_own(abstaining)}" if abstaining else table


def _own(abstaining: Abstaining) -> str:
    """Describe the model's own thresholds, and what they leave."""
    if isinstance(abstaining.target_precision, Mapping):
        return _by_label(abstaining)
    share = f"{100 * abstaining.target_precision:g} %"
    if abstaining.threshold is None:
        return f"No threshold reached the target precision of {share}: predict answers only with --min-probability."
    return f"* the model's own threshold, for a target precision of {share}"


def _by_label(abstaining: Abstaining) -> str:
    """Lay out the labels that have a target precision."""
    header = ["label", "target precision", "threshold", "rows answered", "coverage", "precision of these"]
    body = []
    for label, target in abstaining.target_precision.items():  # type: ignore[union-attr]
        threshold, own = abstaining.threshold[label], abstaining.by_label.get(label)  # type: ignore[index]
        shown = "none reached it" if threshold is None else f"{threshold:.4g}"
        cells = [str(own.rows), percent(own.coverage)] if own else ["0", "–"]
        precision = interval(own.accuracy) if own and own.accuracy else "–"
        body.append([short(label, LONGEST_LABEL), f"{100 * target:g} %", shown, *cells, precision])
    title = "What predict answers by the model's own thresholds; coverage: of the rows that the label is predicted for"
    all_rows = f"All labels: {_rows(abstaining.answers.rows)} answered, {percent(abstaining.answers.coverage).strip()}"
    return f"\n{title}\n{aligned([header, *body])}\n{all_rows}"


def _unseen(unseen: dict[str, int]) -> str:
    first = sorted(unseen, key=lambda label: -unseen[label])[:MOST_UNSEEN]
    names = ", ".join(f"{short(label, LONGEST_LABEL)} ({_rows(unseen[label])})" for label in first)
    more = f" and {len(unseen) - len(first)} more" if len(unseen) > len(first) else ""
    return f"Labels that the model doesn't know, counted as wrong: {names}{more}"


def aligned(table: list[list[str]]) -> str:
    """Set the first column to the left, the others to the right."""
    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    lines = []
    for first, *others in table:
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (room - width(cell)) + cell for cell, room in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells))
    return "\n".join(lines)


def interval(score: Interval) -> str:
    """Write a score with its interval: `87.3 %  [85.1, 89.2]`."""
    return f"{percent(score.value)}  [{100 * score.low:.1f}, {100 * score.high:.1f}]"


def percent(share: float) -> str:
    """Write a share as a percentage."""
    return f"{100 * share:>5.1f} %"


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


def short(label: str, longest: int) -> str:
    """Cut a label, and show what a terminal would obey as its code."""
    shown = printable(label)
    if width(shown) <= longest:
        return shown
    visible = shown[: longest - 1]
    while width(visible) > longest - 1:
        visible = visible[:-1]
    return visible + "…"
