"""Positions of runs → JSON and back, every bit of it; and JSON that is none, refused."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.errors import FolderError
from unrolled.training.callback import EpochRecord
from unrolled.training.trainer_state import TrainerState

WHOLE, NUMBER = st.integers(0, 2**53), st.floats(allow_nan=False, allow_infinity=False)
RECORDS = st.builds(
    EpochRecord, WHOLE, WHOLE, st.none() | NUMBER, NUMBER, NUMBER, st.booleans(), st.none() | NUMBER, NUMBER, NUMBER
)
POSITIONS = st.builds(
    TrainerState,
    WHOLE,
    WHOLE,
    NUMBER,
    NUMBER,
    WHOLE,
    WHOLE,
    NUMBER,
    WHOLE,
    NUMBER,
    NUMBER,
    st.lists(RECORDS, max_size=3),
)


@given(POSITIONS)
def test_a_position_comes_back_from_json_as_it_was(position: TrainerState) -> None:
    assert TrainerState.from_json(json.loads(json.dumps(position.as_json()))) == position


RIGHT = replace(
    TrainerState(1, 0, 0.5, 0.1, 3, 2, 1.5, 60, 1.0, 0.1, []),
    history=[EpochRecord(1, 3, None, 0.5, 0.5, True, None, 10.0, 1.0)],
).as_json()


@each(
    "change",
    [
        {"epoch": True},
        {"epoch": 1.0},
        {"epoch": -1},
        {"epoch": None},
        {"loss": 1},
        {"loss": "0.5"},
        {"loss": float("nan")},
        {"history": {}},
        {"history": [{}]},
        {"history": [{**RIGHT["history"][0], "best": 1}]},
        {"history": [{**RIGHT["history"][0], "dev_loss": "0.5"}]},
        {"history": [{**RIGHT["history"][0], "dev_loss": float("inf")}]},
        {"more": 1},
    ],
)
def test_what_is_no_position_is_refused(change: dict[str, Any]) -> None:
    assert TrainerState.from_json(RIGHT).as_json() == RIGHT
    with pytest.raises(FolderError):
        TrainerState.from_json({**RIGHT, **change})


@each("name", RIGHT)
def test_nothing_may_be_missing(name: str) -> None:
    with pytest.raises(FolderError):
        TrainerState.from_json({key: value for key, value in RIGHT.items() if key != name})


EPOCHS, STEPS = 5, 4


@st.composite
def reached(draw: st.DrawFn) -> TrainerState:
    """Where a run of 5 epochs of 4 steps may stand."""
    epoch, taken = draw(st.integers(1, EPOCHS)), draw(st.integers(0, STEPS))
    bests = [True, *draw(st.lists(st.booleans(), min_size=EPOCHS, max_size=EPOCHS))]
    rate, seconds = draw(st.floats(0, 1)), draw(st.floats(0, 1e9))
    history = [
        EpochRecord(n, n * STEPS, 0.5, 0.6, draw(st.floats(0, 1)), bests[n - 1], rate, 9.0, seconds)
        for n in range(1, epoch)
    ]
    best_step = max((record.step for record in history if record.best), default=0)
    return TrainerState(
        epoch, taken, 0.4, rate, (epoch - 1) * STEPS + taken, best_step, seconds, 60, seconds, 0.1, history
    )


@given(reached())
def test_where_a_run_may_stand_is_believed(position: TrainerState) -> None:
    position.reject_impossible(EPOCHS, STEPS)


@given(reached(), st.sampled_from(["epoch", "taken", "steps", "best_step"]), st.integers(0, 2**70))
def test_where_no_run_can_stand_is_refused(position: TrainerState, name: str, number: int) -> None:
    if number != getattr(position, name) and (name, number) != ("best_step", 0):
        change: dict[str, Any] = {name: number}
        with pytest.raises(FolderError):
            replace(position, **change).reject_impossible(EPOCHS, STEPS)


MIDDLE = TrainerState(3, 1, 0.5, 0.1, 9, 8, 1.5, 60, 1.0, 0.1, [])
MIDDLE = replace(MIDDLE, history=[EpochRecord(n, n * STEPS, 0.5, 0.6, 0.7, True, 0.1, 9.0, float(n)) for n in (1, 2)])
IMPOSSIBLE: list[dict[str, Any]] = [
    {"rate": -5.0},
    {"seconds": -1e300},
    {"training_seconds": -1.0},
    {"longest_step": -1e9},
    {"words": 2**70},
    {"history": []},
    {"history": MIDDLE.history[:1]},
    {"history": MIDDLE.history[::-1]},
    {"history": [replace(record, best=False) for record in MIDDLE.history]},
    {"history": [replace(record, dev_accuracy=1.5) for record in MIDDLE.history]},
    {"history": [replace(record, step=2**62) for record in MIDDLE.history]},
    {"history": [replace(record, dev_loss=None) for record in MIDDLE.history]},
    {"history": [replace(record, dev_accuracy=None) for record in MIDDLE.history]},
    {"epoch": EPOCHS + 2, "steps": (EPOCHS + 1) * STEPS + 1},
]


@each("change", IMPOSSIBLE)
def test_times_and_evaluations_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    MIDDLE.reject_impossible(EPOCHS, STEPS)
    with pytest.raises(FolderError, match="where its run stopped"):
        replace(MIDDLE, **change).reject_impossible(EPOCHS, STEPS)


@pytest.mark.parametrize("measured", [(), ("dev_loss",), ("dev_loss", "dev_accuracy")], ids=str)
def test_each_evaluation_has_the_scores_that_its_learner_measures_and_no_others(measured: tuple[str, ...]) -> None:
    scores = {"dev_loss": 0.6, "dev_accuracy": 0.7}
    for own in ((), ("dev_loss",), ("dev_accuracy",), ("dev_loss", "dev_accuracy")):
        change: dict[str, Any] = {name: score if name in own else None for name, score in scores.items()}
        position = replace(MIDDLE, history=[replace(record, **change) for record in MIDDLE.history])
        with nullcontext() if own == measured else pytest.raises(FolderError, match="where its run stopped"):
            position.reject_impossible(EPOCHS, STEPS, measured)
