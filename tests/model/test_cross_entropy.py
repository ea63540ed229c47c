"""The loss and its gradient against torch's, which defines weights and smoothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.cross_entropy import cross_entropy

LABELS = np.array([2, 0, 1, 2, 2])


@settings(deadline=None)
@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=6),
    class_weight=st.none() | st.lists(st.floats(0.1, 9), min_size=4, max_size=4).map(np.array),
    label_smoothing=st.sampled_from([0.0, 0.1, 0.75]),
    spread=st.sampled_from([0.0, 1.0, 300.0, 1e4]),
)
def test_equals_torch_s_cross_entropy(labels: Any, class_weight: Any, label_smoothing: float, spread: float) -> None:
    logits = np.random.default_rng(len(labels)).normal(size=(len(labels), 4)) * spread
    weight = None if class_weight is None else torch.tensor(class_weight)
    expected = torch.nn.functional.cross_entropy(
        torch.tensor(logits), torch.tensor(labels), weight=weight, label_smoothing=label_smoothing
    ).item()
    options: dict[str, Any] = {"class_weight": class_weight, "label_smoothing": label_smoothing}
    for kind in (np.asarray, torch.tensor):
        found = cross_entropy(kind(logits), np.array(labels), **options)
        assert float(found) == pytest.approx(expected, abs=1e-12, rel=1e-12)


@pytest.mark.parametrize("class_weight", [None, np.array([0.5, 3.0, 1.0])])
@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_the_gradient_equals_torch_s(class_weight: Any, label_smoothing: float) -> None:
    logits = torch.tensor(np.random.default_rng(0).normal(size=(5, 3)), requires_grad=True)
    ours = cross_entropy(logits, LABELS, class_weight=class_weight, label_smoothing=label_smoothing)
    theirs = torch.nn.functional.cross_entropy(
        logits,
        torch.tensor(LABELS),
        weight=None if class_weight is None else torch.tensor(class_weight),
        label_smoothing=label_smoothing,
    )
    found, expected = (torch.autograd.grad(loss, logits)[0] for loss in (ours, theirs))
    assert found.numpy() == pytest.approx(expected.numpy(), abs=1e-14)


def test_the_loss_of_one_text_is_minus_the_log_of_its_probability() -> None:
    assert cross_entropy(np.log([[0.2, 0.5, 0.3]]), np.array([1])) == pytest.approx(-np.log(0.5))


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_a_certain_mistake_costs_what_it_costs_and_stays_finite(kind: Any) -> None:
    assert float(cross_entropy(kind(np.array([[1e4, 0.0]], "f4")), np.array([1]))) == 1e4
    assert float(cross_entropy(kind(np.array([[1e4, 0.0]], "f4")), np.array([0]))) == 0


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_the_loss_has_the_precision_of_the_logits(dtype: str) -> None:
    logits, options = np.eye(5, 3, dtype=dtype), {"class_weight": np.array([1.0, 2.0, 3.0]), "label_smoothing": 0.1}
    assert cross_entropy(logits, LABELS, **options).dtype == dtype  # type: ignore[arg-type]  # mypy joins the values
    assert cross_entropy(torch.tensor(logits), LABELS).numpy().dtype == dtype
