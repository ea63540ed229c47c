"""Recurrent neural network: four steps in full, then sigma as tanh, the logistic function and relu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np

from unrolled.lecture.example import SENTENCE, vectors_of, words_of
from unrolled.lecture.gates import table, written
from unrolled.lecture.part import Part
from unrolled.lecture.replay import encoded, overview, replay
from unrolled.lecture.weights import RNN_GATES, one_layer
from unrolled.lecture.writing import numbers, paragraph
from unrolled.model.encoders.rnn import RNN

WEIGHTS = one_layer(RNN_GATES, RNN.blocks)
Sigma = Literal["tanh", "sigmoid", "relu"]


def steps() -> Iterator[str]:
    """Take every step with tanh, then overlook the three functions."""
    words = words_of(SENTENCE)
    encoder, x, past = RNN(input_size=4, hidden_size=2, pooling="last"), vectors_of(words), np.zeros(2)
    yield from ("", "Two hidden units; the weights, a line for each")
    yield from table({"": RNN_GATES["h"]})
    yield from ("", "sigma = tanh, h_0 = [0, 0]")
    for t, (word, step) in enumerate(zip(words, replay(encoder, WEIGHTS, x), strict=True), start=1):
        yield from ("", f"t = {t}, x_{t} = {word}: h_{t} = tanh(W h_{t - 1} + U x_{t} + b)")
        yield from written(f"h_{t}", "tanh", RNN_GATES["h"], past, x[t - 1], step["h"])
        past = step["h"]
    yield from ("", f"The last state goes to the classifier: h_4 = {numbers(encoded(encoder, WEIGHTS, x))}")
    yield from paragraph(
        "The slides write sigma. tanh is the usual choice and our default; the letter means the logistic function "
        "1 / (1 + exp(-a)), whose slope is at most 1/4; relu is the third. The states with each:"
    )
    for name in get_args(Sigma):
        chosen = RNN(input_size=4, hidden_size=2, nonlinearity=name)
        yield from ("", f"  {name}")
        yield from overview(words, replay(chosen, WEIGHTS, x))
    yield from paragraph(
        "Any number of words, and never more weights; but step t waits for step t-1, and what is many steps back is "
        "hard to reach: `unrolled lecture backpropagation`."
    )


PART = Part(
    section=6,
    title="Recurrent neural network",
    equation="h_t = sigma(W h_{t-1} + U x_t + b),    h_0 = 0",
    files=("model/encoders/rnn.py", "model/layers/scan.py", "model/layers/recurrent.py"),
    steps=steps,
)
