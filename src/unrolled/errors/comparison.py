"""Models to compare and the folder of a comparison → the error of what can't be compared."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from unrolled.errors.kinds import DataError, FolderError, SettingError, TrainingError, UnrolledError


def not_a_model(text: str) -> SettingError:
    """Make the error of words that name no model."""
    step = "Write it as after `train --encoder`, in quotes: 'lstm --bidirectional'."
    return SettingError(f"'{text}' is no encoder with its options", step, where="option '--model'")


def not_of_a_model(text: str, option: str) -> SettingError:
    """Make the error of an option of `train` that all compared models share, or that is none of a model."""
    return SettingError(
        f"'--{option.replace('_', '-')}' in '{text}' is no option of a model",
        "Leave it out: threads, seeds and a budget are options of the command itself.",
        where="option '--model'",
    )


def leftover(folder: Path) -> FolderError:
    """Make the error of a comparison that is there, whole or in part."""
    return FolderError(
        "an earlier comparison exists",
        "Use --resume to continue it, keeping its models, or --force to start over.",
        where=str(folder),
    )


def not_a_comparison(place: Path) -> FolderError:
    """Make the error of a file, or of a folder that has something else in it."""
    return FolderError(
        f"this is {'a folder with other content' if place.is_dir() else 'a file'}, not a comparison to resume",
        "Choose another name.",
        where=str(place),
    )


def not_saved(error: UnrolledError, name: str, place: Path | None, folder: Path) -> FolderError:
    """Make the error of a training that had ended when there was no room for it, and is kept elsewhere or nowhere."""
    words = f"cp -r {shlex.quote(f'{place}/.')} {shlex.quote(str(folder))}"
    where_it_is = f"That of {name} is kept in {place}: copy it with {words}" if place else f"That of {name} is lost"
    step = f"{error.advice} {where_it_is}; then --resume goes on."
    return FolderError(error.problem, step, where=error.where)


def none_trained(reasons: Sequence[str]) -> TrainingError:
    """Make the error of a comparison in which no model could be trained."""
    causes = "; ".join(reason.rstrip(".") for reason in reasons) or "no time for any"
    return TrainingError(f"no model could be trained: {causes}", "Fix this, or give a longer --budget.")


def no_known_label(test: str, known: Sequence[str], found: Sequence[str]) -> DataError:
    """Make the error of test texts none of whose labels is trained."""
    step = "Fix the labels of one file, or name the right column with --label-column."
    return DataError(
        f"training has none of these labels ({', '.join(found[:3])}), but {', '.join(known[:3])}", step, where=test
    )


def test_and_folds() -> SettingError:
    """Make the error of two ways to test at once."""
    return SettingError("--test and --folds can't be used together", "Leave one of them out.")
