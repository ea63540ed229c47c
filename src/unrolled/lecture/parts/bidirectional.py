"""Bidirectional recurrent networks: a second network reads from the right, and the states are joined."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import SENTENCE, vectors_of, words_of
from unrolled.lecture.gates import table, written
from unrolled.lecture.part import Part
from unrolled.lecture.replay import Steps, encoded, overview, replay
from unrolled.lecture.weights import FROM_THE_RIGHT, RNN_GATES, one_layer, stored
from unrolled.lecture.writing import columns, equation, number, numbers
from unrolled.model.encoders.rnn import RNN
from unrolled.model.weights import merge

WEIGHTS = merge(**{"0.forward": stored(RNN_GATES, RNN.blocks), "0.backward": stored(FROM_THE_RIGHT, RNN.blocks)})


def steps() -> Iterator[str]:
    """Read from the left, from the right, and join."""
    words = words_of(SENTENCE)
    x, encoder = vectors_of(words), RNN(input_size=4, hidden_size=2)
    right = replay(encoder, WEIGHTS, x)
    left = replay(encoder, one_layer(FROM_THE_RIGHT, RNN.blocks), x[::-1])[::-1]
    yield from ("", "From the left, h>, the RNN of `unrolled lecture rnn`")
    yield from overview(words, right)
    yield from ("", "From the right, h<: weights of its own, the last word first")
    yield from table({"": FROM_THE_RIGHT["h"]})
    yield from _from_the_right(words, x, left)
    yield from (
        "",
        "Joined at every word, [h>_t; h<_t]: the first half knows the words before, the second those behind",
    )
    rows = [[str(t + 1), word, *map(number, (*right[t]["h"], *left[t]["h"]))] for t, word in enumerate(words)]
    yield from columns([["t", "x_t", "h>_t[1]", "h>_t[2]", "h<_t[1]", "h<_t[2]"], *rows], left=2)
    both = encoded(RNN(input_size=4, hidden_size=2, bidirectional=True, pooling="last"), WEIGHTS, x)
    yield from ("", "To the classifier, from where each has read the whole text")
    yield from equation("[h>_4; h<_1]", numbers(both))
    yield from ("", "LSTM and GRU are made bidirectional the same way: --bidirectional.")


def _from_the_right(words: list[str], x: Float64Array, left: Steps) -> Iterator[str]:
    past = np.zeros(2)
    for t in range(len(words), 0, -1):
        yield from ("", f"t = {t}, x_{t} = {words[t - 1]}: h<_{t} = tanh(W h<_{t + 1} + U x_{t} + b)")
        yield from written(f"h<_{t}", "tanh", FROM_THE_RIGHT["h"], past, x[t - 1], left[t - 1]["h"])
        past = left[t - 1]["h"]


PART = Part(
    section=10,
    place=2,
    title="Bidirectional RNNs",
    equation="""
h>_t = sigma(W> h>_{t-1} + U> x_t + b>),    h>_0     = 0
h<_t = sigma(W< h<_{t+1} + U< x_t + b<),    h<_{T+1} = 0
""",
    files=("model/layers/bidirectional.py", "model/layers/recurrent.py", "model/encoders/rnn.py"),
    steps=steps,
)
