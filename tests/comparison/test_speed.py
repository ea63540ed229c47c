"""Models and texts → each is read alone and together, by turns, as long as the clock says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from unrolled.comparison.speed import ALONE, FEW, ROUNDS, TOGETHER, speeds


class Reader:
    """A model whose texts take as long as they are told to, and a log of who read how many."""

    def __init__(self, name: str, seconds: float, now: list[float], log: list[tuple[str, int]]) -> None:
        self.name, self.seconds, self.now, self.log = name, seconds, now, log

    def probabilities(self, texts: Sequence[str]) -> Any:
        self.now[0] += self.seconds * len(texts)
        self.log.append((self.name, len(texts)))
        return np.empty((len(texts), 2))


@pytest.mark.parametrize("count", [1, 7, 5000])
def test_what_is_told_is_what_the_clock_said(count: int) -> None:
    now, log = [0.0], list[tuple[str, int]]()
    models: Any = {name: Reader(name, seconds, now, log) for name, seconds in (("slow", 2e-3), ("quick", 5e-5))}
    found = speeds(models, ["text"] * count, seconds=1.0, clock=lambda: now[0])
    assert found["slow"].milliseconds_alone == pytest.approx(2)
    assert found["quick"].milliseconds_alone == pytest.approx(0.05)
    assert found["slow"].texts_per_second == pytest.approx(500)
    assert found["quick"].texts_per_second == pytest.approx(20_000)
    order = [name for n, (name, _) in enumerate(log) if n == 0 or log[n - 1][0] != name]
    assert order == ["slow", "quick"] * (ROUNDS + 1)  # first a few texts
    assert max(size for _, size in log) == min(count, TOGETHER)
    assert sum(size == 1 for name, size in log if name == "quick") <= max(ALONE, 10**6 * (count == 1))


def test_of_a_slow_model_a_few_texts_are_read_whatever_the_time() -> None:
    now, log = [0.0], list[tuple[str, int]]()
    found = speeds({"slow": Reader("slow", 0.01, now, log)}, ["text"] * 5000, seconds=0.1, clock=lambda: now[0])  # type: ignore[dict-item]
    assert found["slow"].texts_per_second == pytest.approx(100)
    assert {size for _, size in log} == {1, FEW}
    assert now[0] < (ROUNDS + 1) * (FEW + 2) * 0.01


def test_without_texts_an_empty_one_is_read() -> None:
    now, log = [0.0], list[tuple[str, int]]()
    found = speeds({"a": Reader("a", 1e-3, now, log)}, [], seconds=0.1, clock=lambda: now[0])  # type: ignore[dict-item]
    assert found["a"].milliseconds_alone == pytest.approx(1)
