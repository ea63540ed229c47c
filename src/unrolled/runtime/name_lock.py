"""A name that will be written to → held by this process alone until the block ends, or the process itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from unrolled.errors import checkpoint as errors
from unrolled.errors import folder as folder_errors
from unrolled.runtime.lock import locked


@contextmanager
def held(target: Path) -> Iterator[None]:
    """Hold a lock beside the target; FolderError with the process's id where another one holds it."""
    place = Path(os.path.realpath(target))
    path = place.with_name(f".{place.name}.lock")
    with ExitStack() as stack:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(path, lambda pid: errors.in_use(target, pid)))
        except OSError as error:
            raise folder_errors.cannot_write(target, error) from error
        stack.callback(_delete, path)  # while it is still locked: who waits for it sees that it is gone
        yield


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
