"""What was trained and can't be saved where it should be → saved in another folder, so that it isn't lost."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from unrolled.errors import FolderError, UnrolledError
from unrolled.errors import folder as errors


def save_or_rescue(target: Path, save: Callable[[Path], object], *, left: str = "") -> None:
    """Save to the target; where that fails, elsewhere, and raise a FolderError that says where.

    `left` says what else is left of the training: without room anywhere it is all.
    """
    try:
        save(target)
    except FolderError as error:
        name = Path(os.path.realpath(target)).name
        folder = save_elsewhere(lambda folder: save(folder / name))
        raise errors.not_saved(error, folder / name if folder else None, left) from error


def save_elsewhere(save: Callable[[Path], object]) -> Path | None:
    """Save into a new folder, in the temporary folder or else at home, and say where; None where neither has room."""
    for above in _places():
        try:
            folder = Path(tempfile.mkdtemp(prefix="unrolled-", dir=above))
        except OSError:
            continue
        try:
            save(folder)
        except (OSError, UnrolledError):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            return folder
    return None


def _places() -> Iterator[str]:
    with suppress(OSError):  # where none can be written
        yield tempfile.gettempdir()
    yield os.path.expanduser("~")
