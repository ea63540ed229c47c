"""A feed-forward network against torch's linear layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unrolled.model.encoder import no_dropout
from unrolled.model.layers import feed_forward
from unrolled.model.weights import initialize


@pytest.mark.parametrize("num_layers", [0, 1, 3])
def test_equals_torch_s_linear_layers_with_relu(num_layers: int) -> None:
    random = np.random.default_rng(0)
    drawn = initialize(feed_forward.weights(4, 5, num_layers), 0)
    weights = {name: value + random.normal(0, 0.3, value.shape) for name, value in drawn.items()}
    x = random.normal(size=(6, 4))
    expected = torch.tensor(x)
    for layer in range(num_layers):
        W, b = (torch.tensor(weights[f"{layer}.{symbol}"]) for symbol in "Wb")
        expected = torch.nn.functional.linear(expected, W.T, b).relu()
    assert feed_forward.feed_forward(weights, x, num_layers, no_dropout) == pytest.approx(expected.numpy(), abs=1e-12)


def test_drop_falls_between_layers_and_not_before_the_first_or_after_the_last() -> None:
    seen: list[tuple[int, ...]] = []

    def drop(x: Any) -> Any:
        seen.append(x.shape)
        return x

    weights = initialize(feed_forward.weights(4, 5, 3), 0)
    feed_forward.feed_forward(weights, np.ones((2, 4)), 3, drop)
    assert seen == [(2, 5), (2, 5)]
