"""The average against the lecture's equation, written out in NumPy, and against the lecture's example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.model.encoders.average import Average

IDS = np.array([[2, 5, 5, 0, 1], [7, 7, 7, 7, 7], [3, 4, 99, 99, 99], [99, 99, 99, 99, 99]])
LENGTHS = np.array([5, 1, 2, 0])


def equation(weights: dict[str, Any], x: Any, ids: Any, lengths: Any) -> Any:
    encodings = []
    for words, T in zip(ids, lengths, strict=True):
        h = np.zeros(x.shape[1])
        for t in range(T):
            h = h + x[words[t]] / T
        layer = 0
        while f"{layer}.W" in weights:
            W, b = weights[f"{layer}.W"], weights[f"{layer}.b"]
            h = np.array([max(0.0, sum(h[m] * W[m, n] for m in range(len(h))) + b[n]) for n in range(len(b))])
            layer += 1
        encodings.append(h)
    return np.array(encodings)


@pytest.mark.parametrize("options", [{}, {"num_layers": 0}, {"num_layers": 3, "hidden_size": 5}, {"hidden_size": 1}])
def test_equals_the_equation(options: dict[str, int], draw: Callable[..., Any], encode: Callable[..., Any]) -> None:
    encoder, x = Average(input_size=4, **options), np.random.default_rng(1).normal(size=(8, 4))
    weights = draw(encoder)
    found = encode(encoder, weights, x, IDS, LENGTHS)
    assert found == pytest.approx(equation(weights, x, IDS, LENGTHS), abs=1e-10, rel=0)


@pytest.mark.parametrize("num_layers", [0, 1, 2])
def test_gradients_equal_finite_differences(
    num_layers: int, draw: Callable[..., Any], largest_error_of_gradients: Callable[..., float]
) -> None:
    encoder, x = (
        Average(input_size=3, hidden_size=6, num_layers=num_layers),
        np.random.default_rng(2).normal(size=(8, 3)),
    )
    assert largest_error_of_gradients(encoder, equation, draw(encoder), x, IDS, LENGTHS) < 1e-7


def test_the_mean_is_the_lecture_s(encode: Callable[..., Any]) -> None:
    alice, treats, bob, well = (
        [0.7, 8.6, -2.4, 2.3],
        [2.7, -3.9, -5.6, 1.1],
        [-0.1, 6.7, 1.5, 2.0],
        [-5.7, -9.8, -1.6, -1.0],
    )
    words = np.array([alice, treats, bob, well])
    mean = encode(Average(input_size=4, num_layers=0), {}, words, np.array([[0, 1, 2, 3]]), np.array([4]))
    # the slide prints -1.6 for dimension 3, a misprint, and rounds dimension 4, which is 1.1
    assert mean[0] == pytest.approx([-0.6, 0.4, -2.025, 1.1])
