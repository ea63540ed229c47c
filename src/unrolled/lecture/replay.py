"""A recurrent encoder, its weights, word vectors (words, d) → what its own step computes at every word, by symbol."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.writing import columns, number
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.weights import Weights, select

Steps = list[dict[str, Float64Array]]


def replay(encoder: Recurrent, weights: Weights, vectors: Float64Array) -> Steps:
    """Walk through one layer from the left: for every word the state and the gates, each (hidden,)."""
    step = encoder.step(select(weights, "0.forward"))
    state: tuple[Float64Array, ...] = (np.zeros((1, encoder.hidden_size)),) * encoder.parts
    steps = []
    for x in encoder.project_tokens(weights, vectors):
        found = step(x[None], state)
        state = found[: encoder.parts]
        steps.append({symbol: array[0] for symbol, array in zip(encoder.symbols, found, strict=True)})
    return steps


def encoded(encoder: Recurrent, weights: Weights, vectors: Float64Array) -> Float64Array:
    """Encode one text by the encoder itself: (output_size,)."""
    count = len(vectors)
    projected = encoder.project_tokens(weights, vectors)
    found: Float64Array = encoder.encode(weights, projected, np.arange(count)[None], np.array([count]))[0]
    return found


def overview(words: Sequence[str], steps: Steps, symbols: Sequence[str] = ("h",)) -> list[str]:
    """Yield a line for every step: each of the symbols with all its numbers."""
    size = len(steps[0]["h"])
    header = ["t", "x_t", *(f"{symbol}[{unit + 1}]" for symbol in symbols for unit in range(size))]
    rows = [
        [str(t), word, *(number(x) for symbol in symbols for x in step[symbol])]
        for t, (word, step) in enumerate(zip(words, steps, strict=True), start=1)
    ]
    return list(columns([header, *rows], left=2))
