"""The recurrent network, against its equation in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import RNN_GATES

WORDS = ("Alice", "treats", "Bob", "well")
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: np.maximum(a, 0),
}


def states(x: dict[str, Any], sigma: Callable[[Any], Any]) -> list[Any]:
    gate, h, found = RNN_GATES["h"], np.zeros(2), []
    for word in WORDS:
        h = sigma(gate.W @ h + gate.U @ x[word] + gate.b)
        found.append(h)
    return found


def test_every_step_with_tanh(values: Callable[[str], dict[str, list[float]]], x: dict[str, Any]) -> None:
    found = values("rnn")
    for t, h in enumerate(states(x, np.tanh), start=1):
        assert [found[f"h_{t}[1]"][0], found[f"h_{t}[2]"][0]] == pytest.approx(h, abs=1e-4)


def test_all_three_functions(rows: Callable[[str, str], list[list[float]]], x: dict[str, Any]) -> None:
    for t, word in enumerate(WORDS, start=1):
        expected = [states(x, sigma)[t - 1] for sigma in FUNCTIONS.values()]
        assert np.array(rows("rnn", f"{t}  {word}")) == pytest.approx(np.array(expected), abs=1e-4)


def test_the_letter_sigma_and_its_slope_are_explained(told: Callable[[str], list[str]]) -> None:
    text = " ".join(told("rnn"))
    assert "tanh is the usual choice" in text
    assert "slope is at most 1/4" in text
