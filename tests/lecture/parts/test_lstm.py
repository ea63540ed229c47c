"""The LSTM, against the lecture's equations in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import LSTM_GATES

WORDS = ("Alice", "treats", "Bob", "well")


def steps(x: dict[str, Any]) -> list[dict[str, Any]]:
    h, C, found = np.zeros(2), np.zeros(2), []
    for word in WORDS:
        a = {mark: gate.W @ h + gate.U @ x[word] + gate.b for mark, gate in LSTM_GATES.items()}
        i, f, o = (1 / (1 + np.exp(-a[mark])) for mark in "ifo")
        new = np.tanh(a["c"])
        C = f * C + i * new
        h = o * np.tanh(C)
        found.append({"i": i, "f": f, "o": o, "C~": new, "C": C, "h": h})
    return found


def test_every_gate_of_the_steps_in_full(values: Callable[[str], dict[str, list[float]]], x: dict[str, Any]) -> None:
    found = values("lstm")
    for t, step in enumerate(steps(x)[:2], start=1):
        for symbol, expected in step.items():
            printed = [found[f"{symbol}_{t}[{unit}]"][0] for unit in (1, 2)]
            assert printed == pytest.approx(expected, abs=1e-4), (t, symbol)


def test_every_gate_of_every_step_at_a_glance(rows: Callable[[str, str], list[list[float]]], x: dict[str, Any]) -> None:
    for t, (word, step) in enumerate(zip(WORDS, steps(x), strict=True), start=1):
        gates, states = rows("lstm", f"{t}  {word}")
        assert gates == pytest.approx(np.concatenate([step[symbol] for symbol in ("i", "f", "o")]), abs=1e-4)
        assert states == pytest.approx(np.concatenate([step[symbol] for symbol in ("C~", "C", "h")]), abs=1e-4)


def test_the_memory_is_a_sum_over_the_words(values: Callable[[str], dict[str, list[float]]], x: dict[str, Any]) -> None:
    found = values("lstm")
    assert [found["C_4[1]"][0], found["C_4[2]"][0]] == pytest.approx(steps(x)[-1]["C"], abs=1e-4)


def test_it_promises_no_more_than_the_lecture(told: Callable[[str], list[str]]) -> None:
    text = " ".join(told("lstm"))
    assert "does not guarantee that nothing vanishes" in text
    assert "the slide says: erase" in text
