"""How thresholds for a target precision were chosen → what a user should know of it, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unrolled.calibration.abstention import Abstention
from unrolled.calibration.no_evidence import REASONS, STEPS
from unrolled.calibration.thresholds import FEW
from unrolled.cli.console import info
from unrolled.formatting.ceil_to_2_significant import ceil_to_2_significant


def report_abstention(record: Mapping[str, Any]) -> None:
    """Log the thresholds that were chosen, or why there are none and what would help, from training.json's record."""
    if reason := record.get("unproved"):
        info(f"No precision is claimed: {REASONS[reason]}. predict answers null unless --min-probability is given.")
        info(STEPS[reason])
        return
    target = record["target_precision"]
    labels = [f"{label}: " for label in target] if isinstance(target, Mapping) else [""]
    for label, evidence in zip(labels, record["evidence"], strict=True):
        line = _missed(evidence) if evidence["threshold"] is None else _reached(evidence)
        info(f"{label}{line}" if label else line[0].upper() + line[1:])
    before, after = (100 * record[name] for name in ("calibration_error_before", "calibration_error"))
    info(
        f"Temperature {record['temperature']:.3g}: calibration error {before:.1f} % -> {after:.1f} % "
        f"on {record['texts']:,} texts, each predicted by a model trained without it."
    )


def _reached(evidence: Mapping[str, Any]) -> str:
    share, count = 100 * evidence["answered"] / evidence["texts"], f"{evidence['texts']:,}"
    return (
        f"answers {share:.1f} % of {count} held-out texts (probability {evidence['threshold']:.4g} or higher); "
        f"with {100 * evidence['confidence']:g} % confidence at least {_target(evidence)} of such answers are correct."
    )


def _missed(evidence: Mapping[str, Any]) -> str:
    precision, needed = evidence["possible_precision"], evidence["texts_needed"]
    reached = f" A target of {precision:g} would be reached." if precision else ""
    return (
        f"no threshold reaches a precision of {_target(evidence)} on {evidence['texts']:,} held-out texts with "
        f"{100 * evidence['confidence']:g} % confidence, so predict answers null unless --min-probability is given. "
        f"{_needed(needed, evidence['texts'])}{reached}"
    )


def _needed(needed: int | None, texts: int) -> str:
    if needed is None and texts < FEW:
        return "These are too few to say how many would be enough."
    if needed is None:
        return "More texts alone would not help; a better model might."
    number = f"About {ceil_to_2_significant(needed):,}" if needed > texts else "Twice as many"
    return f"{number} might be enough."


def threshold_reason(abstention: Abstention) -> str:
    """Return why a row has no label."""
    if isinstance(abstention.target_precision, Mapping):
        missed = [label for label, threshold in abstention.thresholds.items() if threshold is None]
        none = f"; no threshold reached it for {', '.join(missed)}" if missed else ""
        return f"its probability is below the threshold for the label's target precision{none}"
    share = f"{100 * abstention.target_precision:g} %"
    if isinstance(abstention.threshold, float):
        return f"no probability reaches {abstention.threshold:.4g}, the threshold for a precision of {share}"
    return f"no threshold reached a precision of {share}; --min-probability 0 answers all"


def _target(evidence: Mapping[str, Any]) -> str:
    return f"{100 * evidence['target_precision']:g} %"
