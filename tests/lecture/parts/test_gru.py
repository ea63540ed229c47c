"""The GRU and its variants, against the lecture's equations in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import GRU_GATES, RESET_AFTER_BIAS

WORDS = ("Alice", "treats", "Bob", "well")


def sigma(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def steps(x: dict[str, Any], *, after: bool = False, update: Callable[[Any], Any] = sigma) -> list[dict[str, Any]]:
    h, found = np.zeros(2), []
    for word in WORDS:
        a = {mark: gate.U @ x[word] + gate.b for mark, gate in GRU_GATES.items()}
        r = sigma(GRU_GATES["r"].W @ h + a["r"])
        z = update(GRU_GATES["z"].W @ h + a["z"])
        W = GRU_GATES["h"].W
        new = np.tanh((r * (W @ h + RESET_AFTER_BIAS) if after else W @ (r * h)) + a["h"])
        h = (1 - z) * h + z * new
        found.append({"r": r, "z": z, "h~": new, "h": h})
    return found


def test_every_gate_of_the_steps_in_full(values: Callable[[str], dict[str, list[float]]], x: dict[str, Any]) -> None:
    found = values("gru")
    for t, step in enumerate(steps(x)[:2], start=1):
        for symbol, expected in step.items():
            printed = [found[f"{symbol}_{t}[{unit}]"][0] for unit in (1, 2)]
            assert printed == pytest.approx(expected, abs=1e-4), (t, symbol)


def test_the_lecture_s_form_reset_after_and_the_misprint_at_a_glance(
    rows: Callable[[str, str], list[list[float]]], x: dict[str, Any]
) -> None:
    variants = (steps(x), steps(x, after=True), steps(x, update=np.tanh))
    for t, word in enumerate(WORDS, start=1):
        expected = [np.concatenate(list(variant[t - 1].values())) for variant in variants]
        assert np.array(rows("gru", f"{t}  {word}")) == pytest.approx(np.array(expected), abs=1e-4)


def test_what_is_stored_when_adds_up(values: Callable[[str], dict[str, list[float]]], x: dict[str, Any]) -> None:
    found = values("gru")
    assert [found["h_4[1]"][0], found["h_4[2]"][0]] == pytest.approx(steps(x)[-1]["h"], abs=1e-4)


def test_torch_s_mixture_is_the_same_state(values: Callable[[str], dict[str, list[float]]], x: dict[str, Any]) -> None:
    found = values("gru")
    assert [found["h_2[1]"][-1], found["h_2[2]"][-1]] == pytest.approx(steps(x)[1]["h"], abs=1e-4)
    assert len(found["h_2[1]"]) == 2


def test_the_misprint_is_told_and_seen(told: Callable[[str], list[str]], x: dict[str, Any]) -> None:
    text = " ".join(" ".join(told("gru")).split())
    assert "a misprint: a gate is between 0 and 1" in text
    assert "130 words it overflows float32" in text
    assert min(step["z"].min() for step in steps(x, update=np.tanh)) < 0
