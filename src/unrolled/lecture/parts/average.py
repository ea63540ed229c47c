"""Averaged embeddings + DNN: the table's fifth column, one layer on top, and the word order that is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import AVERAGE_ON_THE_SLIDE, SENTENCE, vectors_of, words_of
from unrolled.lecture.part import Part
from unrolled.lecture.weights import AVERAGE_LAYER
from unrolled.lecture.writing import columns, equation, number, numbers, products, signed, total
from unrolled.model.encoders.average import Average
from unrolled.model.weights import Weights


def encode(words: Sequence[str], weights: Weights, layers: int) -> Float64Array:
    """Encode a sentence: its mean, or what the layers make of it."""
    encoder, count = Average(input_size=4, hidden_size=2, num_layers=layers), len(words)
    projected = encoder.project_tokens(weights, vectors_of(words))
    found: Float64Array = encoder.encode(weights, projected, np.arange(count)[None], np.array([count]))[0]
    return found


def steps() -> Iterator[str]:
    """Average, pass a layer, exchange two words."""
    words = words_of(SENTENCE)
    x, average = vectors_of(words), encode(words, {}, 0)
    yield from ("", "The vectors, and their mean in the fifth column")
    rows = [[f"dimension {m + 1}", *map(number, x[:, m]), number(average[m])] for m in range(4)]
    yield from columns([["", *words, "average"], *rows])
    yield ""
    for m in range(4):
        yield from equation(f"a[{m + 1}]", f"({total(x[:, m])}) / {len(words)}", number(average[m]))
    yield from _slide(average)
    yield from _layer(words, average)
    turned = [words[2], words[1], words[0], words[3]]
    yield from ("", "What is wrong with it: the order of the words is lost")
    for order in (words, turned):
        yield f"  {' '.join(order):<24}a = {numbers(encode(order, {}, 0))}"


def _slide(average: Float64Array) -> Iterator[str]:
    pairs = enumerate(zip(AVERAGE_ON_THE_SLIDE, average, strict=True), start=1)
    for m, (printed, mean) in [pair for pair in pairs if abs(pair[1][0] - pair[1][1]) > 0.05]:
        misprint_line = f"The slide prints {number(printed)} in dimension {m}, the column's last number once more"
        yield f"  {misprint_line}; the mean is {number(mean)}."


def _layer(words: Sequence[str], average: Float64Array) -> Iterator[str]:
    yield from ("", "The feed-forward network on top, one layer of two units: h = relu(W a + b), relu(v) = max(v, 0)")
    W, b = AVERAGE_LAYER["0.W"], AVERAGE_LAYER["0.b"]
    for unit, h in enumerate(encode(words, AVERAGE_LAYER, 1)):
        inside = signed([products(W[:, unit], average), number(b[unit])])
        summed = f"relu({number(float(average @ W[:, unit] + b[unit]))})"
        yield from equation(f"h[{unit + 1}]", f"relu({inside})", summed, number(h))


PART = Part(
    section=2,
    title="Averaged embeddings + DNN",
    equation="a = (x_1 + … + x_T) / T,    h = relu(W a + b)",
    files=("model/encoders/average.py", "model/layers/pooling.py", "model/layers/feed_forward.py"),
    steps=steps,
)
