"""Stacked recurrent networks: layer 2 reads the states of layer 1 as if they were words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.lecture.example import SENTENCE, vectors_of, words_of
from unrolled.lecture.gates import table, written
from unrolled.lecture.part import Part
from unrolled.lecture.replay import encoded, overview, replay
from unrolled.lecture.weights import RNN_GATES, SECOND_LAYER, one_layer, stored
from unrolled.lecture.writing import numbers
from unrolled.model.encoders.rnn import RNN
from unrolled.model.weights import merge

WEIGHTS = merge(**{"0.forward": stored(RNN_GATES, RNN.blocks), "1.forward": stored(SECOND_LAYER, RNN.blocks)})


def steps() -> Iterator[str]:
    """Walk through layer 1, then through layer 2 in full."""
    words = words_of(SENTENCE)
    first = replay(RNN(input_size=4, hidden_size=2), WEIGHTS, vectors_of(words))
    below = np.array([step["h"] for step in first])
    above = replay(RNN(input_size=2, hidden_size=2), one_layer(SECOND_LAYER, RNN.blocks), below)
    yield from ("", "Layer 1, the RNN of `unrolled lecture rnn`, reads the words")
    yield from overview(words, first)
    yield from ("", "Layer 2 has weights of its own, U in R^{H x H}, since it reads H numbers a step")
    yield from table({"": SECOND_LAYER["h"]})
    past = np.zeros(2)
    for t, step in enumerate(above, start=1):
        yield from ("", f"t = {t}: h(2)_{t} = tanh(W h(2)_{t - 1} + U h(1)_{t} + b)")
        yield from written(f"h(2)_{t}", "tanh", SECOND_LAYER["h"], past, below[t - 1], step["h"])
        past = step["h"]
    whole = RNN(input_size=4, hidden_size=2, num_layers=2, pooling="last")
    yield from (
        "",
        f"To the classifier, the last state of the last layer: {numbers(encoded(whole, WEIGHTS, vectors_of(words)))}",
    )
    yield "LSTM and GRU are stacked the same way: --num-layers 2. Dropout falls between layers."


PART = Part(
    section=10,
    title="Stacked (multi-layer) RNNs",
    equation="h(l)_t = sigma(W(l) h(l)_{t-1} + U(l) h(l-1)_t + b(l)),    h(0)_t = x_t",
    files=("model/layers/recurrent.py", "model/encoders/rnn.py"),
    steps=steps,
)
