"""A checkpoint and what is wrong with it, or with two runs of one name → the error that says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unrolled.errors.kinds import FolderError

_START_OVER = "Start over with --force instead of --resume, which deletes it."


def wrong_position() -> FolderError:
    """Make the error of a checkpoint that doesn't tell where its run stood."""
    return FolderError("the checkpoint doesn't say where its run stopped", _START_OVER)


def damaged(folder: Path, problem: str) -> FolderError:
    """Make the error of a checkpoint that isn't what a run left."""
    step = "Move it away, and run the command again."  # --force deletes only what is as a run left it
    return FolderError(f"the checkpoint is damaged ({problem})", step, where=str(folder))


def other_version(folder: Path, received: object, expected: int) -> FolderError:
    """Make the error of a checkpoint whose form is that of another version of unrolled."""
    step = "Finish the run with the version that began it, or delete it and start over: --force instead of --resume."
    return FolderError(
        f"the checkpoint has form {received!r:.40}, and this version reads form {expected}", step, where=str(folder)
    )


def not_finite(folder: Path, name: str) -> FolderError:
    """Make the error of a state that no run can be in that goes on: of a run gone astray, or changed by someone."""
    step = f"Choose a smaller --learning-rate. {_START_OVER}"
    return FolderError(f"the checkpoint has NaN or infinity in '{name}'", step, where=str(folder))


def too_large(path: Path, size: int, largest: int) -> FolderError:
    """Make the error of a history that is longer than a checkpoint can hold."""
    step = "Choose fewer --max-epochs."
    return FolderError(f"the history has {size:,} bytes, and a checkpoint can hold {largest:,}", step, where=str(path))


def of_other_run(folder: Path, differences: Sequence[str]) -> FolderError:
    """Make the error of a checkpoint whose run had other settings or data."""
    return FolderError(
        f"the checkpoint belongs to another run: {'; '.join(differences)}",
        "Give the same settings and files as then, or start over with --force instead of --resume.",
        where=str(folder),
    )


def no_checkpoint(folder: Path) -> FolderError:
    """Make the error of something that has the name of a checkpoint and is none."""
    step = "Move it away, or give the model another name."
    return FolderError("something that is no checkpoint has this name", step, where=str(folder))


def leftover(folder: Path) -> FolderError:
    """Make the error of a checkpoint of an unfinished run that wasn't asked for."""
    return FolderError(
        "an unfinished run exists",
        "Use --resume to continue it, or --force to delete it and start over.",
        where=str(folder),
    )


def finished_by_other_run(folder: Path) -> FolderError:
    """Make the error of a model where a run is to be resumed that didn't make it."""
    step = "Choose another name, or overwrite it with --force."
    return FolderError("a model of another run already exists", step, where=str(folder))


def no_lock(path: Path) -> FolderError:
    """Make the error of a file of others that has the name of the lock of a run."""
    step = "Move it away, or choose another name."
    return FolderError("something that is no lock of a run has this name", step, where=str(path))


def in_use(path: Path, pid: str) -> FolderError:
    """Make the error of a name that another process writes to."""
    return FolderError(f"in use by process {pid}", "Wait until it ends, or choose another name.", where=str(path))
