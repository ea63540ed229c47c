"""SIGTERM in a block → its `finally` runs, the exit code is 143, and the handler is as it was."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from unrolled.terminal.termination import tidy_termination


def test_the_block_ends_as_by_an_error_and_the_program_with_143() -> None:
    before, tidied = signal.getsignal(signal.SIGTERM), []
    with pytest.raises(SystemExit) as raised, tidy_termination():  # noqa: PT012
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            tidied.append(1)
    assert raised.value.code == 143
    assert tidied == [1]
    assert signal.getsignal(signal.SIGTERM) is before


def test_in_another_thread_nothing_is_caught() -> None:
    found: list[object] = []

    def run() -> None:
        with tidy_termination():
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [signal.getsignal(signal.SIGTERM)]
