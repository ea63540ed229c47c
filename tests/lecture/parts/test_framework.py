"""The framework, against the chain written out in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.weights import CLASSIFIER_4


def test_logits_probabilities_and_loss(values: Callable[[str], dict[str, list[float]]]) -> None:
    mean = np.array([-0.6, 0.4, -2.025, 1.1])  # the lecture's fifth column, its third number put right
    s = mean @ CLASSIFIER_4["W"] + CLASSIFIER_4["b"]
    P = np.exp(s) / np.exp(s).sum()
    found = values("framework")
    assert [found["s[1]"][0], found["s[2]"][0]] == pytest.approx(s, abs=1e-4)
    assert [found["P(positive)"][0], found["P(negative)"][0]] == pytest.approx(P, abs=1e-4)
    assert found["L"] == [pytest.approx(-np.log(P[0]), abs=1e-4)]


def test_words_ids_and_vectors(told: Callable[[str], list[str]], x: dict[str, Any]) -> None:
    lines = [line.split() for line in told("framework")]
    assert ["treats", "6", "12"] in lines
    assert ["word", "Alice", "treats", "Bob", "well"] in lines
    assert ["id", "1", "3", "2", "4"] in lines
    for word in ("Alice", "treats", "Bob", "well"):
        assert [word, *(f"{number:g}" for number in x[word])] in lines


def test_the_number_of_classes_on_the_slides_is_told(told: Callable[[str], list[str]]) -> None:
    assert any("C + 1 classes" in line for line in told("framework"))
