"""Normalised vectors against torch's own norm, and against their mean and variance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unrolled.model.layers import layer_norm
from unrolled.model.weights import initialize

X = 3 + np.random.default_rng(0).normal(size=(3, 4, 5)) * np.reshape([0.001, 1, 100], (3, 1, 1))


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_equals_torch_s_norm_and_its_gradients(kind: Any) -> None:
    random = np.random.default_rng(1)
    weights = {"gain": random.normal(size=5), "bias": random.normal(size=5)}
    found = np.asarray(layer_norm.layer_norm({name: kind(w) for name, w in weights.items()}, kind(X)))
    leaves = [torch.tensor(array, requires_grad=True) for array in (X, weights["gain"], weights["bias"])]
    expected = torch.nn.functional.layer_norm(leaves[0], (5,), leaves[1], leaves[2])
    assert found == pytest.approx(expected.detach().numpy(), abs=1e-12)
    seen = torch.tensor(random.normal(size=X.shape))
    ours = layer_norm.layer_norm({"gain": leaves[1], "bias": leaves[2]}, leaves[0])
    gradients = [torch.autograd.grad((output * seen).sum(), leaves) for output in (ours, expected)]
    for one, other in zip(*gradients, strict=True):
        assert one.numpy() == pytest.approx(other.numpy(), rel=1e-9, abs=1e-9)


def test_at_first_every_vector_has_mean_0_and_variance_1() -> None:
    weights = {name: value.astype("f8") for name, value in initialize(layer_norm.weights(5), 0).items()}
    normal = layer_norm.layer_norm(weights, X)
    assert normal.mean(axis=-1) == pytest.approx(np.zeros((3, 4)), abs=1e-12)
    assert normal[1:].var(axis=-1) == pytest.approx(np.ones((2, 4)), rel=1e-3)
    assert (normal[0].var(axis=-1) < 0.5).all()  # 1e-5 is not small beside a variance of 1e-6


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_vector_of_equal_numbers_becomes_the_bias_and_the_precision_stays(dtype: str) -> None:
    weights = {"gain": np.array([2, 3, 4], dtype), "bias": np.array([0.5, -1, 0], dtype)}
    for kind in (np.asarray, torch.from_numpy):
        found = layer_norm.layer_norm({name: kind(w) for name, w in weights.items()}, kind(np.full((2, 3), 7, dtype)))
        assert np.asarray(found).dtype == dtype
        assert np.asarray(found).tolist() == [[0.5, -1, 0]] * 2
