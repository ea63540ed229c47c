"""Probabilities of texts → their answers, held against Python's own sort."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.prediction.answers import format_predictions


@st.composite
def distributions(draw: st.DrawFn) -> tuple[np.ndarray[Any, Any], list[str]]:
    classes = draw(st.integers(2, 8))
    row = st.lists(st.integers(0, 5), min_size=classes, max_size=classes).filter(any)
    parts = np.array(draw(st.lists(row, max_size=4)), np.float64).reshape(-1, classes)
    return parts / parts.sum(axis=1, keepdims=True), [f"label {number}" for number in range(classes)]


@settings(deadline=None)
@given(distributions(), st.none() | st.integers(1, 10), st.booleans(), st.floats(0, 1))
def test_an_answer_ranks_the_labels_as_a_stable_sort_does(
    drawn: tuple[np.ndarray[Any, Any], list[str]], top_k: int | None, every: bool, least: float
) -> None:
    probabilities, labels = drawn
    answers = format_predictions(probabilities, labels, top_k=top_k, all_probabilities=every, min_probability=least)
    assert len(answers) == len(probabilities)
    for row, found in zip(probabilities, answers, strict=True):
        pairs = [(label, float(p)) for label, p in zip(labels, row, strict=True)]
        ranked = sorted(pairs, key=lambda pair: -pair[1])
        likeliest, best = ranked[0]
        assert found["label"] == (likeliest if best >= least else None)
        assert found["probability"] == best
        assert ("top" in found, "probabilities" in found) == (top_k is not None, every)
        assert [tuple(told.values()) for told in found.get("top", [])] == (ranked[:top_k] if top_k else [])
        assert found.get("probabilities", dict(pairs)) == dict(pairs)
        assert list(found.get("probabilities", labels)) == labels
        assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(("least", "label"), [(0.0, "yes"), (0.75, "yes"), (0.7500001, None), (1.0, None)])
def test_the_label_is_none_below_the_least_probability_and_the_probability_stays(
    least: float, label: str | None
) -> None:
    (found,) = format_predictions(np.array([[0.25, 0.75]]), ("no", "yes"), top_k=1, min_probability=least)
    assert found == {"label": label, "probability": 0.75, "top": [{"label": "yes", "probability": 0.75}]}


def test_of_equally_likely_labels_the_first_is_named() -> None:
    (found,) = format_predictions(np.array([[0.2, 0.4, 0.4]]), ("a", "b", "c"), top_k=3)
    assert found["label"] == "b"
    assert [told["label"] for told in found["top"]] == ["b", "c", "a"]
