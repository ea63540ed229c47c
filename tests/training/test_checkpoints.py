"""States kept between the steps of a run → runs from each of them end in the same bits; when one is kept."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from tests.each import each
from tests.trained_network import train_network
from unrolled.errors import FolderError
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.text.text_config import Channels
from unrolled.training.callback import EpochRecord, StepMessage
from unrolled.training.checkpoints import SHARE, Arrays, Checkpoints
from unrolled.training.examples import Examples
from unrolled.training.result import TrainingResult
from unrolled.training.signals import Terminated
from unrolled.training.trainer_state import TrainerState
from unrolled.training.training_config import TrainingConfig

WORDS, CLASSES = 40, 3


class Memory:
    """Keeps every state, and gives back the one that was chosen."""

    def __init__(self, chosen: tuple[Mapping[str, Any], Arrays] | None = None) -> None:
        self.chosen, self.states = chosen, list[tuple[Mapping[str, Any], Arrays]]()

    def save(self, position: Mapping[str, Any], arrays: Arrays) -> None:
        self.states.append((position, {name: array.copy() for name, array in arrays.items()}))

    def load(self, like: Arrays) -> tuple[Mapping[str, Any], Arrays] | None:
        if self.chosen:
            assert {name: array.shape for name, array in like.items()} == {
                name: array.shape for name, array in self.chosen[1].items()
            }
        return self.chosen


class Full(Memory):
    """Has no room."""

    def save(self, position: Mapping[str, Any], arrays: Arrays) -> None:
        raise FolderError("there is no room", "Make some.")


class Clock:
    """A clock that stands still unless it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _handlers_of_python() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    assert signal.getsignal(signal.SIGTERM) is before


def run(checkpoints: Checkpoints, channels: Channels = "tuned", **more: Any) -> TrainingResult:
    report = more.pop("report", lambda _: None)
    random = np.random.default_rng(1)
    ids = [random.integers(0, WORDS, random.integers(1, 7)) for _ in range(50)]
    texts = Examples.of(ids, random.integers(0, CLASSES, 50), np.array([len(text) for text in ids]))
    encoder = make_encoder("lstm", 5 * len(channels.split("+")), {"hidden_size": 4})
    network = TextNetwork(WORDS, 5, channels, encoder, CLASSES)
    plan = TrainingConfig(**{"max_epochs": 4, "batch_size": 8, "learning_rate": 0.05, **more})
    return train_network(
        network, initialize(network.weights(), 0), texts, texts, plan, report=report, checkpoints=checkpoints
    )


def bits(outcome: TrainingResult) -> dict[str, Any]:
    history = [(r.epoch, r.step, r.loss, r.dev_loss, r.dev_accuracy, r.best) for r in outcome.history]
    told = (outcome.stopped, outcome.steps, outcome.best_step, history)
    return {"told": told, **{name: array.tobytes() for name, array in outcome.weights.items()}}


@each(
    "settings",
    [
        {},
        {"channels": "tuned+static"},
        {"channels": "static"},
        {"schedule": "cosine", "class_weight": "balanced", "label_smoothing": 0.1},
        {"patience": 1, "max_epochs": 9, "weight_decay": 0.3},
        {"max_steps": 17},
    ],
)
def test_a_run_from_any_of_its_states_ends_in_the_same_bits(settings: dict[str, Any]) -> None:
    memory = Memory()
    kept = bits(run(Checkpoints(memory, every=0, clock=Clock()), **settings))
    assert kept == bits(run(Checkpoints(), **settings)), "keeping states changes nothing"
    assert len(memory.states) >= 14  # of two epochs at least
    for state in memory.states[::4]:
        assert bits(run(Checkpoints(Memory(state)), **settings)) == kept


def test_a_state_is_kept_when_it_is_time_and_takes_a_small_share_of_it() -> None:
    clock, memory = Clock(), Memory()

    class Slow(Memory):
        def save(self, position: Mapping[str, Any], arrays: Arrays) -> None:
            clock.now += 3
            memory.save(position, arrays)

    checkpoints = Checkpoints(Slow(), every=10, clock=clock)
    state = TrainerState(1, 0, 0.0, 0.0, 0, 0, 0.0, 0, 0.0, 0.0, []), dict[str, np.ndarray[Any, Any]]()
    times = []
    for second in range(200):
        clock.now = max(clock.now, float(second))
        before = len(memory.states)
        assert checkpoints.between_steps(lambda: state) is False
        if len(memory.states) > before:
            times.append(second)
    assert times == [10 + number * (3 + 3 / SHARE) for number in range(4)]


def test_a_state_that_cannot_be_kept_is_told_and_training_goes_on() -> None:
    told: list[str] = []
    outcome = run(Checkpoints(Full(), every=0, log=told.append))
    assert bits(outcome) == bits(run(Checkpoints()))
    (line,) = told  # however often it was tried
    assert "No checkpoint could be written, training goes on: there is no room" in line


def at(step: int, act: Callable[[], None]) -> Callable[[EpochRecord | StepMessage], None]:
    return lambda message: act() if isinstance(message, StepMessage) and message.step == step else None


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("step", [1, 5, 7, 12])
def test_sigterm_keeps_the_state_after_the_step_and_ends_the_run(step: int) -> None:
    memory = Memory()
    with pytest.raises(Terminated) as raised:
        run(Checkpoints(memory), report=at(step, terminate))
    assert raised.value.code == 143
    ((position, _),) = memory.states
    assert position["steps"] == step
    assert "--resume" in raised.value.left
    assert bits(run(Checkpoints(Memory(memory.states[0])))) == bits(run(Checkpoints()))


@pytest.mark.parametrize("step", [3, 7])
def test_where_no_state_can_be_kept_sigterm_ends_the_run_as_ctrl_c_does_and_it_is_saved(step: int) -> None:
    told, saved = list[str](), list[TrainingResult]()
    checkpoints = Checkpoints(Full(), log=told.append)
    with pytest.raises(Terminated) as raised, checkpoints.until_saved("the model"):
        saved.append(run(checkpoints, report=at(step, terminate)))
    assert (raised.value.left, saved[0].stopped) == ("the model", "interrupted")
    assert bits(saved[0]) == bits(run(Checkpoints(), report=at(step, ctrl_c)))
    (line,) = told
    assert "the best model so far is saved: there is no room" in line


@pytest.fixture
def _five_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the dev texts of every evaluation in five batches."""
    monkeypatch.setattr(
        "unrolled.training.learners.network.length_buckets", lambda lengths: np.array_split(np.arange(len(lengths)), 5)
    )


def asked(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let SIGTERM come while the n-th batch of all evaluations is read."""
    from unrolled.training.state import StepState

    read, left = StepState.logits, iter(range(1, 1000))

    def logits(self: StepState, ids: Any, lengths: Any, *more: Any) -> Any:
        if next(left) == number:
            terminate()
        return read(self, ids, lengths, *more)

    monkeypatch.setattr(StepState, "logits", logits)


@pytest.mark.usefixtures("_five_batches")
@pytest.mark.parametrize(
    ("settings", "batch", "steps", "evaluations"),
    [
        ({}, 1, 7, 0),
        ({}, 19, 28, 3),  # the last of the run
        ({"max_steps": 17}, 12, 17, 2),
        ({"report": at(17, ctrl_c)}, 12, 17, 2),
    ],
    ids=str,
)
def test_sigterm_in_any_evaluation_keeps_the_state_from_which_a_run_ends_in_the_same_bits(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], batch: int, steps: int, evaluations: int
) -> None:
    settings = {"weight_decay": 0.3, **settings}
    memory, alone = Memory(), {name: value for name, value in settings.items() if name != "report"}
    whole = bits(run(Checkpoints(), **alone))
    with monkeypatch.context() as patch:
        asked(patch, batch)
        with pytest.raises(Terminated):
            run(Checkpoints(memory), **settings)
    ((position, _),) = memory.states
    assert (position["steps"], len(position["history"])) == (steps, evaluations)
    assert bits(run(Checkpoints(Memory(memory.states[0])), **alone)) == whole


@pytest.mark.usefixtures("_five_batches")
def test_sigterm_behind_the_last_look_lets_the_run_be_saved_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, saved = Memory(), list[TrainingResult]()
    checkpoints = Checkpoints(memory)
    with monkeypatch.context() as patch:
        asked(patch, 20)
        with pytest.raises(Terminated) as raised, checkpoints.until_saved("the model"):
            saved.append(run(checkpoints))
    assert (raised.value.code, raised.value.left, memory.states) == (143, "the model", [])
    assert bits(saved[0]) == bits(run(Checkpoints()))


def test_without_a_store_sigterm_is_left_alone() -> None:
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        run(Checkpoints(), report=at(3, terminate))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


def test_ctrl_c_still_ends_a_run_and_keeps_the_best() -> None:
    outcome = run(Checkpoints(Memory()), report=at(3, lambda: os.kill(os.getpid(), signal.SIGINT)))
    assert (outcome.stopped, outcome.steps) == ("interrupted", 3)
