"""Positions of runs → JSON and back, every bit of it; and JSON that is none, refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.errors import FolderError
from unrolled.training.position import Position
from unrolled.training.progress import EpochRecord

WHOLE, NUMBER = st.integers(0, 2**53), st.floats(allow_nan=False, allow_infinity=False)
RECORDS = st.builds(
    EpochRecord, WHOLE, WHOLE, st.none() | NUMBER, NUMBER, NUMBER, st.booleans(), st.none() | NUMBER, NUMBER, NUMBER
)
POSITIONS = st.builds(
    Position, WHOLE, WHOLE, NUMBER, NUMBER, WHOLE, WHOLE, NUMBER, WHOLE, NUMBER, NUMBER, st.lists(RECORDS, max_size=3)
)


@given(POSITIONS)
def test_a_position_comes_back_from_json_as_it_was(position: Position) -> None:
    assert Position.from_json(json.loads(json.dumps(position.as_json()))) == position


RIGHT = replace(
    Position(1, 0, 0.5, 0.1, 3, 2, 1.5, 60, 1.0, 0.1, []),
    history=[EpochRecord(1, 3, None, 0.5, 0.5, True, None, 10.0, 1.0)],
).as_json()


@pytest.mark.parametrize(
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
        {"history": [{**RIGHT["history"][0], "dev_loss": None}]},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_position_is_refused(change: dict[str, Any]) -> None:
    assert Position.from_json(RIGHT).as_json() == RIGHT
    with pytest.raises(FolderError):
        Position.from_json({**RIGHT, **change})


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_may_be_missing(name: str) -> None:
    with pytest.raises(FolderError):
        Position.from_json({key: value for key, value in RIGHT.items() if key != name})
