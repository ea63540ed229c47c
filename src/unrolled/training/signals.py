"""A signal during a run, such as Ctrl-C → a flag that the loop looks at between steps; a second one acts as usual."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_requested(number: signal.Signals = signal.SIGINT) -> Iterator[threading.Event]:
    """Catch the first such signal while the block runs, and give the handler back afterwards."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked  # signals reach the main thread only
        return
    before = signal.getsignal(number)

    def ask(_: int, __: FrameType | None) -> None:
        asked.set()
        signal.signal(number, before)

    signal.signal(number, ask)
    try:
        yield asked
    finally:
        signal.signal(number, before)


class Terminated(SystemExit):
    """The end that SIGTERM asked for: exit code 143, what was to be kept being kept."""

    def __init__(self, left: str = "") -> None:
        """Set the exit code, 128 and the signal's number, as shells do, and keep what is to be said of what is left."""
        super().__init__(128 + signal.SIGTERM)
        self.left = left


@contextmanager
def report_if_terminated(left: str) -> Iterator[None]:
    """Keep with a Terminated of the block what is left, unless it tells more already."""
    try:
        yield
    except Terminated as ended:
        ended.left = ended.left or left
        raise


@contextmanager
def terminated_by_sigterm() -> Iterator[None]:
    """Turn SIGTERM in the block into Terminated, so that everything is left as an error would leave it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_: int, __: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
