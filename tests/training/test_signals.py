"""Signals sent to this very process → the flag, the second Ctrl-C, the handler from before, and a run that ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import numpy as np
import pytest

from tests.trained_network import train_network
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.training.callback import EpochRecord, StepMessage
from unrolled.training.examples import Examples
from unrolled.training.result import TrainingResult
from unrolled.training.signals import stop_requested
from unrolled.training.training_config import TrainingConfig

WORDS, CLASSES = 20, 2
NETWORK = TextNetwork(WORDS, 4, "tuned", make_encoder("average", 4, {"hidden_size": 3}), CLASSES)


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture(autouse=True)
def _handler_of_python() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_the_first_ctrl_c_sets_the_flag_and_nothing_else() -> None:
    with stop_requested() as asked:
        assert not asked.is_set()
        press()
        assert asked.is_set()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_the_program_as_usual() -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), stop_requested() as asked:  # noqa: PT012 - where it is raised is the point
        press()
        reached = asked.is_set()
        press()
        reached = False
    assert reached
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_ctrl_c_after_the_block_is_the_programs_own_again() -> None:
    with stop_requested():
        pass
    with pytest.raises(KeyboardInterrupt):
        press()


def test_a_handler_of_the_programs_own_is_given_back_and_gets_the_second_ctrl_c() -> None:
    heard = []

    def own(number: int, _: FrameType | None) -> None:
        heard.append(number)

    signal.signal(signal.SIGINT, own)
    with stop_requested() as asked:
        press()
        assert asked.is_set()
        assert heard == []
        press()
        assert heard == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is own


def test_an_ignored_ctrl_c_is_ignored_again_afterwards() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with stop_requested():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_the_handler_comes_back_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), stop_requested():
        _ = 1 / 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_in_another_thread_no_handler_is_touched() -> None:
    seen: list[object] = []

    def work() -> None:
        with stop_requested() as asked:
            seen.extend([signal.getsignal(signal.SIGINT), asked.is_set()])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler, False]


def run(*, max_steps: int | None = None, **more: Any) -> TrainingResult:
    random = np.random.default_rng(1)
    ids = [random.integers(0, WORDS, 5) for _ in range(64)]
    texts = Examples.of(ids, random.integers(0, CLASSES, 64), np.full(64, 5))
    plan = TrainingConfig(max_epochs=4, batch_size=8, learning_rate=0.02, max_steps=max_steps)
    return train_network(NETWORK, initialize(NETWORK.weights(), 0), texts, texts, plan, **more)


@pytest.mark.parametrize("step", [1, 5, 8, 13])
def test_ctrl_c_ends_a_run_after_the_step_and_keeps_the_best_so_far(step: int) -> None:
    def listen(message: EpochRecord | StepMessage) -> None:
        if isinstance(message, StepMessage) and message.step == step:
            press()

    outcome, wanted = run(report=listen), run(max_steps=step)
    assert (outcome.stopped, outcome.steps, outcome.best_step) == ("interrupted", step, wanted.best_step)
    assert [record.step for record in outcome.history] == [record.step for record in wanted.history]
    for name, array in wanted.weights.items():
        np.testing.assert_array_equal(outcome.weights[name].view("i4"), array.view("i4"), err_msg=name)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_during_an_evaluation_takes_no_step_more() -> None:
    outcome = run(report=lambda message: press() if isinstance(message, EpochRecord) else None)
    assert (outcome.stopped, outcome.steps) == ("interrupted", 8)
    assert [record.step for record in outcome.history] == [8]


def test_a_second_ctrl_c_ends_a_run_with_the_programs_own_interrupt() -> None:
    steps = []

    def listen(message: EpochRecord | StepMessage) -> None:
        if isinstance(message, StepMessage):
            steps.append(message.step)
            if message.step == 3:
                press()
                press()

    with pytest.raises(KeyboardInterrupt):
        run(report=listen)
    assert steps == [1, 2, 3]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
