"""Concatenated embeddings + DNN: sixteen numbers, one unit on top, and the length that the weights are tied to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import SENTENCE, SEVEN_WORDS, vectors_of, words_of
from unrolled.lecture.part import Part
from unrolled.lecture.weights import CONCATENATE_LAYER
from unrolled.lecture.writing import columns, equation, number, paragraph, products, signed
from unrolled.model.encoders.concatenate import Concatenate
from unrolled.model.weights import Weights


def encode(words: Sequence[str], weights: Weights, layers: int) -> Float64Array:
    """Encode a sentence: its first four words side by side, or what the layer makes of them."""
    encoder, count = Concatenate(input_size=4, max_length=4, hidden_size=1, num_layers=layers), len(words)
    projected = encoder.project_tokens(weights, vectors_of(words))
    found: Float64Array = encoder.encode(weights, projected, np.arange(count)[None], np.array([count]))[0]
    return found


def steps() -> Iterator[str]:
    """Concatenate the words, apply a unit, read shorter and longer sentences."""
    words = words_of(SENTENCE)
    yield from ("", "The vectors side by side, word by word: sixteen numbers")
    yield from _by_word(words, encode(words, {}, 0))
    yield from ("", "The feed-forward network on top, one unit: each place in the sentence has weights of its own")
    yield from _unit(words)
    yield from ("", "In another order they are other numbers")
    turned = [words[2], words[1], words[0], words[3]]
    yield from _by_word(turned, encode(turned, {}, 0))
    yield from paragraph(
        f"What is wrong with it: W is tied to n words, here {len(words)}. A shorter sentence is filled up with zeros,"
    )
    short = words[:3]
    yield from _by_word([*short, "(nothing)"], encode(short, {}, 0))
    longer = words_of(SEVEN_WORDS)
    yield from ("", f"and a longer one is cut: of '{SEVEN_WORDS}' it reads no more than")
    yield from _by_word(longer[:4], encode(longer, {}, 0))
    yield f"  and does not see: {' '.join(longer[4:])}"


def _by_word(words: Sequence[str], joined: Float64Array) -> Iterator[str]:
    parts = joined.reshape(len(words), -1)
    yield from columns([[word, *map(number, part)] for word, part in zip(words, parts, strict=True)])


def _unit(words: Sequence[str]) -> Iterator[str]:
    x, W, b = encode(words, {}, 0), CONCATENATE_LAYER["0.W"][:, 0], float(CONCATENATE_LAYER["0.b"][0])
    parts = np.split(W * x, len(words))
    rows = [
        [word, f"W x_{t + 1}", "=", products(W[4 * t : 4 * t + 4], x[4 * t : 4 * t + 4]), "=", number(part.sum())]
        for t, (part, word) in enumerate(zip(parts, words, strict=True))
    ]
    yield from columns(rows, left=5)
    inside = signed([*(number(part.sum()) for part in parts), number(b)])
    yield from equation("h[1]", f"relu({inside})", number(encode(words, CONCATENATE_LAYER, 1)[0]))


PART = Part(
    section=2,
    place=2,
    title="Concatenated embeddings + DNN",
    equation="c = [x_1; …; x_n],    h = relu(W c + b),    W in R^{H x (n d)}",
    files=("model/encoders/concatenate.py", "model/layers/feed_forward.py"),
    steps=steps,
)
