"""Signals sent to this very process → the flag, the second Ctrl-C, and the handler that was there before."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from unrolled.training.interruption import interruption


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture(autouse=True)
def _handler_of_python() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_the_first_ctrl_c_sets_the_flag_and_nothing_else() -> None:
    with interruption() as asked:
        assert not asked.is_set()
        press()
        assert asked.is_set()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_the_program_as_usual() -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), interruption() as asked:  # noqa: PT012 - where it is raised is the point
        press()
        reached = asked.is_set()
        press()
        reached = False
    assert reached
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_ctrl_c_after_the_block_is_the_programs_own_again() -> None:
    with interruption():
        pass
    with pytest.raises(KeyboardInterrupt):
        press()


def test_a_handler_of_the_programs_own_is_given_back_and_gets_the_second_ctrl_c() -> None:
    heard = []

    def own(number: int, _: FrameType | None) -> None:
        heard.append(number)

    signal.signal(signal.SIGINT, own)
    with interruption() as asked:
        press()
        assert asked.is_set()
        assert heard == []
        press()
        assert heard == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is own


def test_an_ignored_ctrl_c_is_ignored_again_afterwards() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interruption():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_the_handler_comes_back_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), interruption():
        _ = 1 / 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_in_another_thread_no_handler_is_touched() -> None:
    seen: list[object] = []

    def work() -> None:
        with interruption() as asked:
            seen.extend([signal.getsignal(signal.SIGINT), asked.is_set()])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler, False]
