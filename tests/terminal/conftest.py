"""A model and a run that was ended → how to train into a folder, and the checkpoint that was left."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.training.state import TrainingState


@pytest.fixture
def train(unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str]) -> Callable[..., Any]:
    """How to train into `model`."""
    return lambda *words: unrolled("train", train_csv, "-o", tmp_path / "model", *small, *words)


@pytest.fixture
def unfinished(train: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkpoint of a run that SIGTERM ended after its second step."""
    step = TrainingState.step

    def ended(self: TrainingState, number: int, *given: Any) -> float:
        if number == 1:
            os.kill(os.getpid(), signal.SIGTERM)
        return step(self, number, *given)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingState, "step", ended)
        done = train()
    assert done.code == 143
    assert done.err.splitlines()[-1].startswith("Ended by SIGTERM; the run's state is kept.")
    assert [path.name for path in tmp_path.iterdir()] == ["model.checkpoint"]
    return tmp_path / "model.checkpoint"
