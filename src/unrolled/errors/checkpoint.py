"""A checkpoint and what is wrong with it, or with two runs of one name → the error that says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unrolled.errors.told import FolderError

_START_OVER = "Start over with --force instead of --resume, which deletes it."


def wrong_position() -> FolderError:
    """Make the error of a checkpoint that doesn't tell where its run stood."""
    return FolderError("a checkpoint's position", "something else", _START_OVER)


def damaged(folder: Path, problem: str) -> FolderError:
    """Make the error of a checkpoint that isn't what a run left."""
    step = "Move it away, and run the command again."  # --force deletes only what is as a run left it
    return FolderError("a checkpoint as a run left it", problem, step, where=str(folder))


def other_version(folder: Path, received: object, expected: int) -> FolderError:
    """Make the error of a checkpoint whose form is that of another version of unrolled."""
    step = f"Finish the run with the version that began it. {_START_OVER}"
    return FolderError(f"a checkpoint of form {expected}", f"form {received!r:.40}", step, where=str(folder))


def not_finite(folder: Path, name: str) -> FolderError:
    """Make the error of a state that no run can be in that goes on: of a run gone astray, or changed by someone."""
    received = f"NaN or infinity in '{name}'"
    step = f"Choose a smaller --learning-rate. {_START_OVER}"
    return FolderError("a checkpoint of finite numbers", received, step, where=str(folder))


def too_large(path: Path, size: int, largest: int) -> FolderError:
    """Make the error of a history that is longer than a checkpoint can hold."""
    step = "Choose fewer --max-epochs."
    return FolderError(f"a history of at most {largest:,} bytes", f"{size:,} bytes", step, where=str(path))


def of_another_run(folder: Path, differences: Sequence[str]) -> FolderError:
    """Make the error of a checkpoint whose run had other settings or data."""
    step = "Give the settings and files of then, or start over with --force instead of --resume."
    return FolderError("the checkpoint of this very run", f"one with {'; '.join(differences)}", step, where=str(folder))


def no_checkpoint(folder: Path) -> FolderError:
    """Make the error of something that has the name of a checkpoint and is none."""
    step = "Move it away, or give the model another name."
    return FolderError("a checkpoint, or nothing of that name", "something else", step, where=str(folder))


def leftover(folder: Path) -> FolderError:
    """Make the error of a checkpoint of an unfinished run that wasn't asked for."""
    step = "Go on with --resume, or delete it and start over with --force."
    return FolderError("no unfinished run of this name", "its checkpoint", step, where=str(folder))


def finished_otherwise(folder: Path) -> FolderError:
    """Make the error of a model where a run is to be resumed that didn't make it."""
    step = "Choose another name, or overwrite it with --force."
    return FolderError("no model, or one of this very run", "a model of another run", step, where=str(folder))


def no_lock(path: Path) -> FolderError:
    """Make the error of a file of others that has the name of the lock of a run."""
    step = "Move it away, or choose another name."
    return FolderError("the lock of a run, or nothing of that name", "something else", step, where=str(path))


def in_use(path: Path, pid: str) -> FolderError:
    """Make the error of a name that another process writes to."""
    step = "Wait for its end, or choose another name."
    return FolderError("a name that no other run writes to", f"one in use by process {pid}", step, where=str(path))
