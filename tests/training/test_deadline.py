"""A budget and an injected clock → how long there is time, and where a run ends that keeps to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trained_network import train_network
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.training.callback import EpochRecord, StepMessage
from unrolled.training.deadline import Deadline
from unrolled.training.examples import Examples
from unrolled.training.result import TrainingResult
from unrolled.training.training_config import TrainingConfig

SECONDS = st.floats(0.001, 1000)
WORDS, CLASSES = 20, 2
ENDLESS: dict[str, Any] = {"max_epochs": 200, "patience": 200, "batch_size": 8, "learning_rate": 0.01}


class Clock:
    """A clock that goes on by a tick whenever it is looked at, and where it is told to."""

    def __init__(self, now: float = 0.0, *, tick: float = 0.0) -> None:
        self.tick, self.now = tick, now

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


@dataclass(frozen=True)
class TimedNetwork(TextNetwork):
    """A network that needs a millisecond for a word read and three for one trained on, by the clock given."""

    clock: Clock

    def logits(self, weights: Any, ids: Any, lengths: Any, **drops: Any) -> Any:
        self.clock.now += 0.001 * float(lengths.sum()) * (3 if weights["classifier.b"].requires_grad else 1)
        return super().logits(weights, ids, lengths, **drops)


def examples_of(seed: int, texts: int) -> Examples:
    random = np.random.default_rng(seed)
    ids = [random.integers(0, WORDS, random.integers(1, 9)) for _ in range(texts)]
    return Examples.of(ids, random.integers(0, CLASSES, texts), np.array([len(text) for text in ids]))


NETWORK = TextNetwork(WORDS, 4, "tuned", make_encoder("average", 4, {"hidden_size": 3}), CLASSES)
EXAMPLES, DEV = examples_of(1, 60), examples_of(2, 40)
DEV_WORDS = int(DEV.lengths.sum())


def run(network: TextNetwork = NETWORK, *, max_steps: int | None = None, **more: Any) -> TrainingResult:
    return train_network(
        network, initialize(NETWORK.weights(), 0), EXAMPLES, DEV, TrainingConfig(**ENDLESS, max_steps=max_steps), **more
    )


def assert_max_steps_repeats(outcome: TrainingResult) -> None:
    repeated = run(max_steps=outcome.steps)
    assert (repeated.stopped, repeated.steps) == ("max_steps", outcome.steps)
    assert repeated.best_step == outcome.best_step
    for name, array in outcome.weights.items():
        np.testing.assert_array_equal(repeated.weights[name].view("i4"), array.view("i4"), err_msg=name)
    scores = [[(r.step, r.loss, r.dev_loss, r.dev_accuracy) for r in one.history] for one in (outcome, repeated)]
    assert scores[0] == scores[1]


def test_without_a_budget_there_is_always_time() -> None:
    clock = Clock()
    watch = Deadline(None, words_after=10**9, clock=clock)
    watch.record_step(1e9, 1)
    clock.now = 1e12
    assert watch.has_time()
    assert watch.deadline == math.inf


@settings(deadline=None)
@given(SECONDS, SECONDS, SECONDS)
def test_time_runs_from_when_the_command_started_and_not_from_when_training_did(
    started: float, budget: float, before: float
) -> None:
    clock = Clock(started + before)
    watch = Deadline(budget, started=started, clock=clock)
    assert watch.elapsed == pytest.approx(before)
    assert watch.has_time() == (started + before < started + budget)
    now = Deadline(budget, clock=clock)
    assert now.elapsed == 0
    assert now.has_time()


@settings(deadline=None)
@given(st.lists(st.tuples(SECONDS, st.integers(1, 500)), min_size=1, max_size=20), st.integers(0, 5000), SECONDS)
def test_there_is_time_exactly_until_the_longest_step_and_the_reading_no_longer_fit(
    steps: list[tuple[float, int]], words_after: int, budget: float
) -> None:
    clock = Clock()
    watch = Deadline(budget, words_after=words_after, clock=clock)
    for seconds, words in steps:
        watch.record_step(seconds, words)
    total, words = math.fsum(seconds for seconds, _ in steps), sum(words for _, words in steps)
    last_start = budget - max(seconds for seconds, _ in steps) - words_after * total / words
    clock.now = last_start - 1e-6 * (1 + abs(last_start))
    assert watch.has_time()
    clock.now = last_start + 1e-6 * (1 + abs(last_start))
    assert not watch.has_time()


@settings(deadline=None)
@given(st.lists(st.tuples(SECONDS, st.integers(1, 500)), min_size=1, max_size=20))
def test_speed_is_all_words_over_the_seconds_spent_on_training(steps: list[tuple[float, int]]) -> None:
    watch = Deadline(None, clock=Clock())
    for seconds, words in steps:
        watch.record_step(seconds, words)
    wanted = sum(words for _, words in steps) / math.fsum(seconds for seconds, _ in steps)
    assert watch.words_per_second == pytest.approx(wanted)


def test_before_the_first_step_and_after_steps_without_words_nothing_is_divided_by_zero() -> None:
    watch = Deadline(5.0, words_after=100, clock=Clock())
    assert watch.words_per_second == 0
    assert watch.has_time()
    watch.record_step(0.0, 0)
    assert watch.words_per_second == 0
    watch.record_step(1.0, 0)
    assert watch.words_per_second == 0
    assert watch.has_time()


@pytest.mark.parametrize("budget", [1.2, 2.0, 3.3, 7.1])
def test_a_budget_is_kept_to_the_end_of_the_last_evaluation_and_max_steps_repeats_it(budget: float) -> None:
    clock = Clock(now=50.0)
    network = TimedNetwork(**vars(NETWORK), clock=clock)
    watch = Deadline(budget, words_after=DEV_WORDS, clock=clock)
    outcome = run(network, deadline=watch)
    assert outcome.stopped == "budget"
    assert outcome.steps > 1
    assert clock.now <= 50 + budget
    # nor is it wasted: at the speed of training, one step more and the reading would not have fitted
    read_at_the_end = 0.001 * DEV_WORDS if outcome.steps % 8 else 0.0
    assert clock.now - read_at_the_end + watch.longest_step + 0.003 * DEV_WORDS >= 50 + budget - 1e-9
    assert_max_steps_repeats(outcome)


@pytest.mark.parametrize("budget", [20.0, 33.5, 60.0])
def test_a_clock_that_ticks_at_each_look_ends_the_run_in_time_and_max_steps_repeats_it(budget: float) -> None:
    clock, heard = Clock(tick=1.0), []

    def listen(message: EpochRecord | StepMessage) -> None:
        if isinstance(message, StepMessage):
            heard.append((clock.now, DEV_WORDS / message.words_per_second))

    watch = Deadline(budget, words_after=DEV_WORDS, clock=clock)
    outcome = run(deadline=watch, report=listen)
    assert (outcome.stopped, outcome.steps) == ("budget", len(heard))
    (told, _), (_, reading_before) = heard[-1], heard[-2]
    # the step itself is one tick; the looks before it begins and for the message are two that no stopwatch sees
    assert told - 2 + reading_before < watch.deadline
    assert told < watch.deadline
    assert_max_steps_repeats(outcome)


@pytest.mark.parametrize("budget", [1.0, 7.5, 8.0, 30.25])
def test_a_clock_moved_by_the_report_ends_the_run_at_the_deadline_and_max_steps_repeats_it(budget: float) -> None:
    clock, left = Clock(), []

    def listen(message: EpochRecord | StepMessage) -> None:
        if isinstance(message, StepMessage):
            left.append((message.seconds_left, budget - clock.now))
            clock.now += 1

    outcome = run(deadline=Deadline(budget, clock=clock), report=listen)
    assert (outcome.stopped, outcome.steps) == ("budget", math.ceil(budget))
    assert all(0 <= told <= to_deadline for told, to_deadline in left)
    assert_max_steps_repeats(outcome)


def test_a_budget_that_is_over_before_the_start_keeps_the_first_weights_and_evaluates_them_once() -> None:
    outcome = run(deadline=Deadline(5.0, started=0.0, clock=Clock(now=100.0)))
    assert (outcome.stopped, outcome.steps, outcome.best_step) == ("budget", 0, 0)
    for name, array in initialize(NETWORK.weights(), 0).items():
        np.testing.assert_array_equal(outcome.weights[name], array)
    (record,) = outcome.history
    assert (record.step, record.best, record.seconds) == (0, True, 100.0)
    assert math.isfinite(record.dev_loss or math.nan)
    assert record.loss is None


def test_the_speed_is_counted_in_words_where_texts_have_more_ids() -> None:
    fewer, watch = replace(EXAMPLES, words=np.arange(1, 61)), Deadline(None, clock=Clock(tick=1.0))
    plan = TrainingConfig(**ENDLESS | {"max_epochs": 2})
    train_network(NETWORK, initialize(NETWORK.weights(), 0), fewer, DEV, plan, deadline=watch)
    assert watch.words == 2 * sum(range(1, 61))


def test_time_is_left_to_read_the_words_after_training() -> None:
    many, few = (run(deadline=Deadline(200.0, words_after=words, clock=Clock(tick=1.0))).steps for words in (40, 2000))
    # a step of 8 texts has some 36 words and takes a tick: 40 and 2,000 words are about 1 and 55
    assert 5 <= few < many - 10


@pytest.mark.parametrize("budget", [0.01, 1.5])  # the first is over within the first step
def test_seconds_left_is_never_negative_and_never_beyond_the_deadline(budget: float) -> None:
    clock, left = Clock(), []

    def listen(message: EpochRecord | StepMessage) -> None:
        if isinstance(message, StepMessage):
            left.append((message.seconds_left, budget - clock.now))

    network = TimedNetwork(**vars(NETWORK), clock=clock)
    run(network, deadline=Deadline(budget, clock=clock), report=listen)
    assert left
    assert all(0 <= told <= max(0.0, to_deadline) for told, to_deadline in left)


def test_a_reserved_share_of_the_time_is_given_back_and_divided_among_other_runs() -> None:
    clock = Clock()
    watch = Deadline(60.0, clock=clock)
    with watch.reserved(5 / 6):
        assert watch.deadline == 10
        clock.now = 8
    assert watch.deadline == 60
    watch.record_step(8.0, 80)
    watch.words_after = 20  # which take 2 seconds
    parts = []
    for left in (2, 1):
        part = watch.part(1 / left, words_after=5)
        parts.append((part.started, part.deadline, part.words_after))
        clock.now = 20
    assert parts == [(8, 33, 5), (20, 58, 5)]
    endless = Deadline(None, clock=clock)
    with endless.reserved(0.5):
        assert endless.has_time()
    assert endless.part(0.5, words_after=0).has_time()
