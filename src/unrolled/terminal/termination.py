"""SIGTERM during a block → the block ends as by an error and can tidy up, the program with exit code 143."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from unrolled.training.interruption import Terminated


@contextmanager
def tidy_termination() -> Iterator[None]:
    """Catch SIGTERM while the block runs, and give the handler back afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(_: int, __: FrameType | None) -> None:
    raise Terminated
