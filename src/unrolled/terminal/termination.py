"""SIGTERM during a block → the block ends as by an error and can tidy up, the program with exit code 143."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CODE = 128 + signal.SIGTERM


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
    sys.exit(CODE)
