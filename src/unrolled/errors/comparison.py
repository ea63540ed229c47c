"""Models to compare and the folder of a comparison → the error of what can't be compared."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from unrolled.errors.told import DataError, FolderError, SettingError, TrainingError, UnrolledError


def not_a_model(text: str) -> SettingError:
    """Make the error of words that name no model."""
    step = "Write it as after `train --encoder`, in quotes: 'lstm --bidirectional'."
    return SettingError("the name of an encoder and its options", f"'{text}'", step, where="option '--model'")


def not_of_a_model(text: str, option: str) -> SettingError:
    """Make the error of an option of `train` that all compared models share, or that is none of a model."""
    step = "Leave it out: what the compared models share (threads, seeds, a budget) is the command's own to say."
    received = f"'--{option.replace('_', '-')}' in '{text}'"
    return SettingError("options that only the model has", received, step, where="option '--model'")


def leftover(folder: Path) -> FolderError:
    """Make the error of a comparison that is there, whole or in part."""
    step = "Go on with --resume, which keeps the models that are there, or start over with --force."
    return FolderError("an unused name or an empty folder", "an earlier comparison", step, where=str(folder))


def not_a_comparison(place: Path) -> FolderError:
    """Make the error of a file, or of a folder that has something else in it."""
    expected = "an unused name, an empty folder or a comparison to go on with"
    received = "a folder with other content" if place.is_dir() else "a file"
    return FolderError(expected, received, "Choose another name.", where=str(place))


def not_saved(error: UnrolledError, name: str, place: Path | None, folder: Path) -> FolderError:
    """Make the error of a training that had ended when there was no room for it, and is kept elsewhere or nowhere."""
    words = f"cp -r {shlex.quote(f'{place}/.')} {shlex.quote(str(folder))}"
    where_it_is = f"That of {name} is kept in {place}: copy it with {words}" if place else f"That of {name} is lost"
    step = f"{error.next_step} {where_it_is}; then --resume goes on."
    return FolderError(error.expected, error.received, step, where=error.where)


def none_trained(reasons: Sequence[str]) -> TrainingError:
    """Make the error of a comparison in which no model could be trained."""
    causes = "; ".join(reason.rstrip(".") for reason in reasons) or "no time for any"
    return TrainingError(
        "at least one model that can be trained", causes, "Fix what is said, or give a longer --budget."
    )


def no_known_label(test: str, known: Sequence[str], found: Sequence[str]) -> DataError:
    """Make the error of test texts none of whose labels is trained."""
    step = "Fix the labels of one file, or name the right column with --label-column."
    return DataError(f"labels of training, as {', '.join(known[:3])}", ", ".join(found[:3]), step, where=test)


def test_and_folds() -> SettingError:
    """Make the error of two ways to test at once."""
    return SettingError("--test or --folds", "both", "Leave one of them out.")
