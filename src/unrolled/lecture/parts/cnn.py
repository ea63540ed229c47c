"""Convolution: every window of the filter sizes 2, 3 and 4, several filters of one size, and two layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import SENTENCE, SEVEN_WORDS, vectors_of, words_of
from unrolled.lecture.part import Part
from unrolled.lecture.weights import FILTER_BIAS, FILTERS
from unrolled.lecture.writing import columns, equation, factor, number, numbers, products, total
from unrolled.model.encoders.cnn import CNN
from unrolled.model.layers.convolution import over_vectors, windows
from unrolled.model.weights import Weights

SIZES = (2, 3, 4)
SIZE_OF_TWO_LAYERS = 3


def filter_weights(layer: int, tower: int, filters: Float64Array) -> dict[str, Float64Array]:
    """Bring filters (filters, inputs, size) to the order in which the encoder stores them."""
    biases = np.full(len(filters), FILTER_BIAS)
    return {f"{layer}.{tower}.W": filters.transpose(2, 1, 0), f"{layer}.{tower}.b": biases}


def slide(filters: Float64Array, sequence: Float64Array) -> Float64Array:
    """Slide filters (filters, inputs, size) over vectors (length, inputs) → v (windows, filters)."""
    found: Float64Array = over_vectors(filters.transpose(2, 1, 0), sequence[None], np.array([len(sequence)]))[0]
    return found


def encode(encoder: CNN, weights: Weights, x: Float64Array) -> Float64Array:
    """Encode one text by the encoder itself."""
    count = len(x)
    projected = encoder.project_tokens(weights, x)
    found: Float64Array = encoder.encode(weights, projected, np.arange(count)[None], np.array([count]))[0]
    return found


def steps() -> Iterator[str]:
    """Slide filters of three sizes, then four of one size, then two layers."""
    words = words_of(SENTENCE)
    x = vectors_of(words)
    yield from ("", f"'{SENTENCE}', T = {len(words)}")
    yield from columns([["", *words], *[[f"dimension {m + 1}", *map(number, x[:, m])] for m in range(4)]])
    first = [FILTERS[size][:1] for size in SIZES]
    weights = {key: w for tower, one in enumerate(first) for key, w in filter_weights(0, tower, one).items()}
    highest = encode(CNN(input_size=4, filter_sizes=SIZES, num_filters=1), weights, x)
    for filters, h in zip(first, highest, strict=True):
        yield from _size(words, filters, h)
    yield from ("", f"To the classifier, from all sizes together: h = {numbers(highest)}")
    yield from _several_filters(words)
    yield from _two_layers()


def _size(words: Sequence[str], filters: Float64Array, highest: float) -> Iterator[str]:
    W, x = filters[0], vectors_of(words)
    k, v = W.shape[1], slide(filters, x)[:, 0]
    count = int(windows(np.array([len(words)]), k)[0])
    yield from (
        "",
        f"Filter size {k}: T-k+1 = {len(words)}-{k}+1 = {count} window{'s' * (count > 1)}. W in R^{{4 x {k}}} is",
    )
    yield from columns([[f"W[{m + 1},·]", *map(number, row)] for m, row in enumerate(W)])
    yield from ("", f"  its first window in symbols, {' '.join(words[:k])}")
    for m in range(4):
        named = (f"W[{m + 1},{j + 1}]*{factor(x[j, m])}" for j in range(k))
        yield f"    {'    +' if m else 'v_1 ='} {' + '.join(named)}"
    for i in range(count):
        yield from ("", f"  window {i + 1}, {' '.join(words[i : i + k])}")
        yield from _window(i, W, x[i : i + k], v[i])
    answers = ", ".join(f"relu({number(one)} + {number(FILTER_BIAS)})" for one in v)
    yield from ("", f"  bias b = {number(FILTER_BIAS)}, ReLU and maximum over time (Kim 2014); relu(v) = max(v, 0)")
    yield from equation("h", f"max({answers})", number(highest))


def _window(i: int, W: Float64Array, x: Float64Array, v: float, *, rows: str = "dimension") -> Iterator[str]:
    lines = [[products(W[m], x[:, m]), "=", number(float(W[m] @ x[:, m])), f"{rows} {m + 1}"] for m in range(4)]
    yield from columns(lines, left=2, indent=4)
    yield from equation(f"v_{i + 1}", total(W[m] @ x[:, m] for m in range(4)), number(v), indent=4)


def _several_filters(words: Sequence[str]) -> Iterator[str]:
    filters, x = FILTERS[SIZE_OF_TWO_LAYERS], vectors_of(words)
    v, count = slide(filters, x), len(filters)
    encoder = CNN(input_size=4, filter_sizes=(SIZE_OF_TWO_LAYERS,), num_filters=count)
    highest = encode(encoder, filter_weights(0, 0, filters), x)
    yield from ("", f"Several filters of one size, {count} of size {SIZE_OF_TWO_LAYERS}, the first as above")
    yield from _filters(filters)
    rows = [[f"filter {f + 1}", *map(number, v[:, f]), number(highest[f])] for f in range(count)]
    yield ""
    yield from columns([["", *(f"v_{i + 1}" for i in range(len(v))), "h = max relu(v + b)"], *rows])


def _filters(filters: Float64Array) -> Iterator[str]:
    yield from columns(
        [[f"filter {f + 1}", *(numbers(row) for row in W)] for f, W in enumerate(filters)],
        left=5,
    )
    yield f"  (each a W in R^{{4 x {filters.shape[2]}}}, row by row)"


def _two_layers() -> Iterator[str]:
    words, filters, k = words_of(SEVEN_WORDS), FILTERS[SIZE_OF_TWO_LAYERS], SIZE_OF_TWO_LAYERS
    encoder = CNN(input_size=4, filter_sizes=(k,), num_filters=len(filters), num_layers=2)
    weights = filter_weights(0, 0, filters) | filter_weights(1, 0, filters)
    outputs = np.maximum(slide(filters, vectors_of(words)) + FILTER_BIAS, 0)
    above = slide(filters, outputs)
    yield from ("", f"Two layers: '{SEVEN_WORDS}'; `so` and `thinks` have vectors of ours")
    yield from columns([[word, *map(number, vectors_of([word])[0])] for word in ("so", "thinks")])
    yield from ("", f"  Layer 1, the filters above, relu(v_i + b): {len(words)} words, {len(outputs)} windows")
    header = ["", *(f"window {i + 1}" for i in range(len(outputs)))]
    yield from columns([header, *[[f"filter {f + 1}", *map(number, outputs[:, f])] for f in range(len(filters))]])
    yield from (
        "",
        f"  Layer 2 slides over these numbers, W(2) in R^{{{len(filters)} x {k}}} (ours: the same filters once more):",
    )
    yield f"  {len(outputs)} windows, {len(above)} windows. Its first filter:"
    for i, v in enumerate(above[:, 0]):
        seen = " ".join(words[i:][: encoder.receptive_field])
        yield from ("", f"  window {i + 1} of layer 2 sees windows {i + 1} to {i + k} of layer 1, that is '{seen}'")
        yield from _window(i, filters[0], outputs[i : i + k], v, rows="filter")
    yield from ("", f"  receptive field 1 + 2*({k} - 1) = {encoder.receptive_field} words")
    highest = encode(encoder, weights, vectors_of(words))
    yield f"  h = max relu(v + b) of its {len(filters)} filters = {numbers(highest)}"


PART = Part(
    section=5,
    title="Convolutional neural network",
    equation="""
v_i = sum_{j=1..k} sum_{m=1..d} W[m, j] x_{i+j-1}[m],    i = 1 … T-k+1
h   = max_i relu(v_i + b)
""",
    files=("model/encoders/cnn.py", "model/layers/convolution.py", "model/layers/conv_max_pool.py"),
    steps=steps,
)
