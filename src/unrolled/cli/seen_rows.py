"""How many rows of a file taught a model → sentences that keep its figures from being taken for those of new texts."""

from __future__ import annotations

from unrolled.cli.console import info
from unrolled.evaluation.seen_texts import SeenTexts
from unrolled.reports.evaluation_table import interval


def report_seen(name: str, found: SeenTexts | None) -> None:
    """Warn of rows that taught the model, or that it can't be known which did."""
    if found is None:
        info(f"{name}: the model has no fingerprints of its texts, so it may have been trained on these rows.")
    elif found.seen_rows:
        rows = found.seen_rows + found.unseen_rows
        trained = f"the model was trained on {found.rows:,} of {rows:,} rows ({100 * found.rows / rows:.1f} %)"
        chose = f", and {found.selection_rows:,} more chose its epoch or threshold" if found.selection_rows else ""
        info(f"{name}: {trained}{chose}: figures that include them are too good.")


def of_unseen(found: SeenTexts | None, model: str = "the model") -> str:
    """Return a line with the accuracy on the rows that didn't teach the model, where some did; else nothing."""
    if found is None or not found.seen_rows:
        return ""
    if found.unseen_accuracy is None:
        return f"\n\nEvery row taught {model}: these figures say nothing about new texts."
    accuracy = interval(found.unseen_accuracy).strip()
    return f"\n\naccuracy on the {found.unseen_rows:,} rows that didn't teach {model}: {accuracy}"
