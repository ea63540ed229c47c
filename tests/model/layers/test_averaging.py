"""What average and ngrams share: a mean without the padding, and layers behind it as many as asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unrolled.model.layers.averaging import Averaging


@pytest.mark.parametrize(("layers", "size"), [(0, 3), (1, 5), (2, 5)])
def test_the_mean_passes_so_many_layers(layers: int, size: int) -> None:
    brick, random = Averaging(input_size=3, hidden_size=5, num_layers=layers), np.random.default_rng(0)
    weights: dict[str, Any] = {name: random.normal(size=weight.shape) for name, weight in brick.weights().items()}
    x = random.normal(size=(4, 3))
    ids, lengths = np.array([[0, 3, 99], [99, 99, 99]]), np.array([2, 0])
    found = brick.encode(weights, brick.project_tokens(weights, x), ids, lengths)
    h = np.stack([(x[0] + x[3]) / 2, np.zeros(3)])
    for layer in range(layers):
        h = np.maximum(h @ weights[f"{layer}.W"] + weights[f"{layer}.b"], 0)
    assert found == pytest.approx(h, abs=1e-12)
    assert (brick.output_size, len(weights)) == (size, 2 * layers)
