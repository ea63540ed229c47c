"""A model and a run that was ended → how to train into a folder, and the checkpoint that was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def train(unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str]) -> Callable[..., Any]:
    """How to train into `model`."""
    return lambda *words: unrolled("train", train_csv, "-o", tmp_path / "model", *small, *words)


@pytest.fixture
def unfinished(train: Callable[..., Any], tmp_path: Path, sigterm_in_second_step: Callable[..., Any]) -> Path:
    """The checkpoint of a run that SIGTERM ended after its second step."""
    with sigterm_in_second_step():
        done = train()
    assert done.code == 143
    assert done.err.splitlines()[-1].startswith("Ended by SIGTERM; the run's state is kept.")
    assert [path.name for path in tmp_path.iterdir()] == ["model.checkpoint"]
    return tmp_path / "model.checkpoint"
