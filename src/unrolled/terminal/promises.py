"""What training chose to keep a target precision → what a user should know of it, in two lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unrolled.evaluation.two_digits import two_digits_up
from unrolled.model.abstention import Abstention
from unrolled.runtime.unproved import REASONS, STEPS
from unrolled.terminal.speech import say


def say_promise(told: Mapping[str, Any]) -> None:
    """Say which threshold was chosen, or why none and what would help, as training.json tells it."""
    if unproved := told.get("unproved"):
        say(
            f"No precision is claimed, so predict answers null unless it has --min-probability: {REASONS[unproved]}. "
            f"{STEPS[unproved]}"
        )
        return
    say(_kept(told) if told["answered"] else _broken(told))
    before, after = (100 * told[name] for name in ("calibration_error_before", "calibration_error"))
    say(f"Temperature {told['temperature']:.3g}: calibration error {before:.1f} % -> {after:.1f} %, on these texts.")


def _kept(told: Mapping[str, Any]) -> str:
    share = 100 * told["answered"] / told["texts"]
    texts = f"{share:.1f} % of {told['texts']:,} held-out texts"
    return f"Answers {texts} (probability {told['threshold']:.4g} or more); {_surely(told)}."


def _surely(told: Mapping[str, Any]) -> str:
    return f"at least {_percent(told)} of these right (Clopper-Pearson, {100 * told['sure']:g} % sure)"


def _broken(told: Mapping[str, Any]) -> str:
    precision, needed = told["possible_precision"], told["texts_needed"]
    ways = ["--dev FILE and a larger --validation-fraction give more"] if needed else ["a better model might"]
    if precision:
        ways.append(f"--target-precision {precision:g} would have been kept")
    return (
        f"No threshold keeps {_percent(told)} right (Clopper-Pearson, {100 * told['sure']:g} % sure) on the "
        f"{told['texts']:,} texts held out for it: predict answers null unless it has --min-probability. "
        f"{_needed(needed, told['texts'])}; {'; '.join(ways)}."
    )


def _needed(needed: int | None, texts: int) -> str:
    if needed is None:
        return "No number of texts seems to be enough"
    return (
        f"About {two_digits_up(needed):,} might be enough" if needed > texts else "About as many again might be enough"
    )


def of_threshold(promised: Abstention) -> str:
    """Say why a row has no label."""
    share = f"{100 * promised.target_precision:g} %"
    if promised.threshold is None:
        return f"no threshold kept the promise of {share} right; --min-probability 0 answers all"
    return f"no probability reaches {promised.threshold:.4g}, chosen so that {share} of the answers are right"


def _percent(told: Mapping[str, Any]) -> str:
    return f"{100 * told['target_precision']:g} %"
