"""What can't be looked at → the error that says what can."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from unrolled.errors.told import DataError, SettingError


def not_recurrent(encoder: str, known: Iterable[str]) -> SettingError:
    """Make the error of gradients through time for an encoder that has no time."""
    return SettingError(
        f"a recurrent encoder ({', '.join(sorted(known))}), whose gradient is a sum over steps back",
        f"'{encoder}'",
        "Look at its layers instead.",
        where="setting 'encoder'",
    )


def no_layers_to_see(encoder: str) -> SettingError:
    """Make the error of an encoder that doesn't hand out what its layers give."""
    step = "Choose a feed-forward, convolutional or recurrent encoder."
    return SettingError(
        "an encoder that hands out its layers' outputs", f"'{encoder}'", step, where="setting 'encoder'"
    )


def texts_too_short(longest: int) -> DataError:
    """Make the error of texts in which nothing is a step back."""
    step = "Give longer texts, or check --text-column."
    return DataError("a text of at least 2 words", f"texts of at most {longest}", step)


def no_gradient() -> DataError:
    """Make the error of a loss that depends on no state at all."""
    step = "A trained model may be certain of every text (fewer epochs), a state saturated (shorter texts)."
    return DataError("a gradient at the last state of some text", "only gradients of exactly 0", step)


def not_finite(side: str) -> DataError:
    """Make the error of gradients beyond the numbers that a float64 can hold."""
    step = "Choose shorter texts with --length, or another option of the encoder."
    return DataError("finite gradients", "an infinite one or none at all", step, where=f"layer {side}")


def not_a_picture(path: Path) -> DataError:
    """Make the error of a file whose name doesn't say which picture it is."""
    step = "Name a picture .svg, or a page with tables .html."
    return DataError("a file that ends in .svg or .html", f"'{path.name:.60}'", step, where="--output")
