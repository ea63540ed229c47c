"""What can't be looked at → the error that says what can."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from unrolled.errors.kinds import DataError, SettingError


def not_recurrent(encoder: str, known: Iterable[str]) -> SettingError:
    """Make the error of gradients through time for an encoder that has no time."""
    return SettingError(
        f"the encoder '{encoder}' isn't recurrent, so its gradient is no sum over steps back; these are: "
        f"{', '.join(sorted(known))}",
        "Look at its layers instead.",
        where="setting 'encoder'",
    )


def no_layer_outputs(encoder: str) -> SettingError:
    """Make the error of an encoder that doesn't hand out what its layers give."""
    step = "Choose a feed-forward, convolutional or recurrent encoder."
    return SettingError(
        f"the encoder '{encoder}' doesn't hand out its layers' outputs", step, where="setting 'encoder'"
    )


def texts_too_short(longest: int) -> DataError:
    """Make the error of texts in which nothing is a step back."""
    step = "Give longer texts, or check --text-column."
    return DataError(f"gradients through time need a text of at least 2 words, and the longest has {longest}", step)


def no_gradient() -> DataError:
    """Make the error of a loss that depends on no state at all."""
    step = "A trained model may be certain of every text (fewer epochs), a state saturated (shorter texts)."
    return DataError("the gradients at the last state are exactly 0 for every text", step)


def not_finite(side: str) -> DataError:
    """Make the error of gradients beyond the numbers that a float64 can hold."""
    step = "Choose shorter texts with --length, or another option of the encoder."
    return DataError("the gradients are not finite", step, where=f"layer {side}")


def not_a_picture(path: Path) -> DataError:
    """Make the error of a file whose name doesn't say which picture it is."""
    step = "Name a picture .svg, or a page with tables .html."
    return DataError(f"the name '{path.name:.60}' doesn't end in .svg or .html", step, where="--output")
