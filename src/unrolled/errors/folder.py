"""A folder or a file of it and what is wrong with it → the error that says so in one line."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from unrolled.errors.told import FolderError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DAMAGED = "The folder is damaged or of another program: copy it again, or train the model again."


def cannot_write(path: Path, error: OSError) -> FolderError:
    """Make the error of a folder that the system doesn't let us write."""
    advice = "Make room there" if error.errno in _NO_ROOM else "Choose a place that you may write to"
    reason = f"'{error.strerror or error}'"
    return FolderError("a folder that can be written", reason, f"{advice}; nothing was changed.", where=str(path))


def target_is_a_file(path: Path) -> FolderError:
    """Make the error of a file where the folder should go."""
    return FolderError("an unused name or an empty folder", "a file", "Choose another name.", where=str(path))


def target_is_full(path: Path) -> FolderError:
    """Make the error of a folder that would be overwritten."""
    next_step = "Choose another name, or overwrite it with --force (force=True)."
    return FolderError("an unused name or an empty folder", "a folder with content", next_step, where=str(path))


def target_is_foreign(path: Path) -> FolderError:
    """Make the error of a folder that isn't ours to delete, not even by force."""
    expected = "a model folder to overwrite: a config.json and no folders within"
    return FolderError(expected, "another kind of folder", "Choose another name, or move it away.", where=str(path))


def target_is_a_mount(path: Path) -> FolderError:
    """Make the error of a mount point, which can't be exchanged for another folder."""
    return FolderError("a folder that can be renamed", "a mount point", "Name a folder inside it.", where=str(path))


def cannot_read(path: Path, error: OSError) -> FolderError:
    """Make the error of a file that the system doesn't let us read."""
    reason = "a symbolic link" if error.errno == errno.ELOOP else f"'{error.strerror or error}'"
    return FolderError("a file that can be read", reason, "Is this the folder of a model?", where=str(path))


def not_a_regular_file(path: Path) -> FolderError:
    """Make the error of a folder, pipe or device that stands where a file should."""
    return FolderError("a regular file", "a folder, pipe or device", _DAMAGED, where=str(path))


def wrong_size(path: Path, expected: str, size: int) -> FolderError:
    """Make the error of a file that is too large, cut or prolonged."""
    return FolderError(expected, f"{size:,} bytes", _DAMAGED, where=str(path))


def wrong_content(path: Path, expected: str, problem: str) -> FolderError:
    """Make the error of a file whose content isn't of the expected form."""
    return FolderError(expected, shortened(problem, 200), _DAMAGED, where=str(path))


def missing_tensor(path: Path, name: str, shape: Sequence[int]) -> FolderError:
    """Make the error of a weight that the settings ask for and the file lacks."""
    return _wrong_tensor(path, name, f"shape {list(shape)}", "no such tensor")


def extra_tensor(path: Path, name: str) -> FolderError:
    """Make the error of a weight that the settings don't know."""
    return _wrong_tensor(path, name, "no such tensor", "one")


def wrong_shape(path: Path, name: str, expected: Sequence[int], received: object) -> FolderError:
    """Make the error of a weight whose shape isn't the one that the settings imply."""
    return _wrong_tensor(path, name, f"shape {list(expected)}", f"shape {shortened(str(received), 60)}")


def wrong_dtype(path: Path, name: str, received: object) -> FolderError:
    """Make the error of a weight that isn't kept in 32 bits."""
    return _wrong_tensor(path, name, "dtype 'F32'", f"dtype {shortened(repr(received), 60)}")


def not_finite(path: Path, name: str) -> FolderError:
    """Make the error of a weight with a NaN or an infinity in it."""
    return _wrong_tensor(path, name, "finite numbers", "NaN or infinity")


def shortened(text: str, length: int) -> str:
    """Cut what comes from a file to a length that fits a message."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _wrong_tensor(path: Path, name: str, expected: str, received: str) -> FolderError:
    return FolderError(expected, received, _DAMAGED, where=f"{path}, tensor {shortened(repr(name), 80)}")
