"""Small fixed weights, as a reader would write them down → the arrays that our networks read.

The lecture multiplies from the left, W(i) h + U(i) x; our networks store the transposes, a gate's columns side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.model.weights import merge


@dataclass(frozen=True)
class Gate:
    """One W h + U x + b in the lecture's order: W (hidden, hidden), U (hidden, inputs), b (hidden,)."""

    W: Float64Array
    U: Float64Array
    b: Float64Array


def gate(W: Sequence[Sequence[float]], U: Sequence[Sequence[float]], b: Sequence[float]) -> Gate:
    """Make a gate of lists."""
    return Gate(np.array(W), np.array(U), np.array(b))


def stored(gates: Mapping[str, Gate], blocks: Sequence[str]) -> dict[str, Float64Array]:
    """Bring gates to the order in which a recurrent encoder stores them: U, W and b."""
    chosen = [gates[block] for block in blocks]
    return {
        "U": np.concatenate([one.U.T for one in chosen], axis=1),
        "W": np.concatenate([one.W.T for one in chosen], axis=1),
        "b": np.concatenate([one.b for one in chosen]),
    }


def one_layer(gates: Mapping[str, Gate], blocks: Sequence[str]) -> dict[str, Float64Array]:
    """Return the weights of an encoder of one layer and one direction."""
    return merge(**{"0.forward": stored(gates, blocks)})


CLASSES = ("positive", "negative")
CLASSIFIER_4 = {  # from 4 numbers to the 2 logits
    "W": np.array([[-0.5, 0.25], [0.5, -0.5], [-0.25, 0.5], [0.5, 0.25]]),
    "b": np.array([0.1, -0.1]),
}
CLASSIFIER_2 = {"W": np.array([[0.5, -0.5], [-1.0, 1.0]]), "b": np.array([0.1, -0.1])}

AVERAGE_LAYER = {"0.W": np.array([[0.5, -0.5], [0.25, 0.5], [-0.5, 0.25], [0.5, -0.25]]), "0.b": np.array([0.1, -0.1])}
CONCATENATE_LAYER = {  # four numbers for each of four words, to one hidden number
    "0.W": np.array([[0.5, 0.25, -0.5, 0.1, -0.25, 0.5, 0.1, 0.2, 0.1, 0.5, -0.1, 0.25, 0.2, -0.1, 0.5, -0.5]]).T,
    "0.b": np.array([0.1]),
}

FILTERS = {  # by size k, each filter W in R^{4 x k}
    2: np.array([[[0.5, -0.25], [0.1, 0.2], [-0.5, 0.25], [0.2, 0.1]]]),
    3: np.array(
        [
            [[0.5, 0.1, -0.25], [0.1, -0.2, 0.1], [0.25, 0.1, 0.2], [-0.1, 0.5, 0.1]],
            [[-0.2, 0.25, 0.1], [0.1, 0.1, -0.1], [0.2, -0.5, 0.1], [0.25, 0.1, -0.2]],
            [[0.1, 0.2, 0.25], [-0.1, 0.25, 0.1], [0.1, -0.2, -0.25], [0.2, 0.1, 0.5]],
            [[0.25, -0.1, 0.2], [0.2, 0.1, -0.2], [-0.1, 0.25, 0.1], [0.1, -0.5, 0.25]],
        ]
    ),
    4: np.array([[[0.5, -0.1, 0.2, -0.25], [0.1, -0.2, 0.25, -0.1], [-0.1, 0.2, 0.1, 0.5], [0.25, 0.1, -0.2, 0.1]]]),
}
FILTER_BIAS = 0.1

RNN_GATES = {
    "h": gate([[0.5, -0.2], [0.2, 0.5]], [[0.2, 0.1, -0.1, 0.1], [-0.1, 0.1, 0.1, 0.2]], [0.1, -0.1]),
}
SECOND_LAYER = {"h": gate([[0.5, 0.2], [-0.2, 0.5]], [[1.0, -0.5], [0.5, 1.0]], [-0.1, 0.1])}
FROM_THE_RIGHT = {
    "h": gate([[0.2, 0.5], [-0.5, 0.2]], [[0.1, -0.1, 0.2, 0.1], [0.1, 0.1, -0.2, -0.1]], [0.1, 0.1]),
}
LSTM_GATES = {
    "i": gate([[0.5, -0.2], [0.2, 0.5]], [[0.1, 0.1, -0.1, 0.2], [0.1, -0.1, 0.1, 0.2]], [0.0, 0.1]),
    "f": gate([[0.2, 0.5], [-0.5, 0.2]], [[0.1, -0.1, 0.2, 0.1], [0.1, 0.1, 0.1, -0.1]], [1.0, 1.0]),
    "o": gate([[0.5, 0.2], [-0.2, 0.5]], [[-0.1, 0.1, 0.1, 0.2], [0.2, 0.1, -0.1, 0.1]], [0.1, 0.0]),
    "c": gate([[0.5, -0.5], [0.2, 0.5]], [[0.2, 0.1, -0.1, 0.1], [-0.1, 0.1, 0.1, 0.2]], [0.1, -0.1]),
}
GRU_GATES = {
    "r": gate([[0.5, -0.2], [0.2, 0.5]], [[0.1, 0.1, -0.1, 0.2], [0.1, -0.1, 0.1, 0.2]], [0.1, 0.0]),
    "z": gate([[0.2, 0.5], [-0.5, 0.2]], [[0.1, -0.1, 0.2, 0.1], [0.1, 0.1, 0.1, -0.1]], [0.0, 0.1]),
    "h": gate([[0.5, -0.5], [0.2, 0.5]], [[0.2, 0.1, -0.1, 0.1], [-0.1, 0.1, 0.1, 0.2]], [0.1, -0.1]),
}
RESET_AFTER_BIAS = np.array([0.1, -0.1])

WINDOW = {  # a language model of seven words, <unk>, </s>, I, apples, like, love, oranges; two numbers a word
    "embeddings.e": np.array([[0, 0], [0.5, -0.5], [1, 0.5], [-0.5, 1], [0.25, -1], [0.5, -1], [-0.5, 0.5]], "f8"),
    "hidden.W": np.array([[0.5, -0.25], [0.25, 0.5], [-0.5, 0.25], [0.5, -0.5]]),
    "hidden.b": np.array([0.1, -0.1]),
    "output.W": np.array([[0, 0.5, -0.5, -1, 0.5, 0.25, -0.5], [0, 0.25, -0.5, 1, 0.5, -0.5, 0.5]]),
    "output.b": np.array([-1.0, 0, 0.1, 0, 0.1, 0, 0.1]),
}

THREE_LAYERS = {  # layers of one unit: 0, 1 and 2 are the lecture's 1, 2 and 3
    "0.W": np.array([[2.0]]),
    "0.b": np.array([0.1]),
    "1.W": np.array([[0.5]]),
    "1.b": np.array([-0.25]),
    "2.W": np.array([[-2.0]]),
    "2.b": np.array([2.0]),
}
CLASSIFIER_1 = {"W": np.array([[-0.5, 1.0]]), "b": np.array([0.0, 0.0])}
