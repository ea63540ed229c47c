"""Back-propagation through three layers, and through five steps in time, where the far terms die."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import SEVEN_WORDS, vectors_of, words_of
from unrolled.lecture.part import Part
from unrolled.lecture.replay import replay
from unrolled.lecture.three_layers import through_layers
from unrolled.lecture.through_time import Term, slope, terms
from unrolled.lecture.weights import CLASSIFIER_2, RNN_GATES, one_layer
from unrolled.lecture.writing import columns, equation, factor, fixed, number, numbers, paragraph, products, signed
from unrolled.model.classifier import classify, softmax
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.encoders.rnn import RNN
from unrolled.model.weights import Weights

STEPS = 5
TRUE_CLASS = 0
EPSILON = 1e-5
Sigma = Literal["tanh", "sigmoid"]


def loss(weights: Weights, x: Float64Array, sigma: Sigma) -> float:
    """Run the network and the classifier: the loss of the one sentence."""
    encoder = RNN(input_size=4, hidden_size=2, nonlinearity=sigma)
    states = replay(encoder, weights, x)
    return float(cross_entropy(classify(CLASSIFIER_2, states[-1]["h"][None]), np.array([TRUE_CLASS])))


def gradient_at_the_end(h: Float64Array) -> Float64Array:
    """Return dL/dh_T = V (P - y), V being the classifier's weights (hidden, classes)."""
    P = softmax(classify(CLASSIFIER_2, h[None]))[0]
    found: Float64Array = CLASSIFIER_2["W"] @ (P - np.eye(len(P))[TRUE_CLASS])
    return found


def steps() -> Iterator[str]:
    """Go back through layers, then through time."""
    yield from through_layers()
    words = words_of(SEVEN_WORDS)[:STEPS]
    x, weights = vectors_of(words), one_layer(RNN_GATES, RNN.blocks)
    yield from paragraph(
        f"Through time: {STEPS} steps on '{' '.join(words)}', the RNN of `unrolled lecture rnn`, the loss at the end. "
        "The classifier is s = V h_5 + c, with"
    )
    rows = [[f"[{k + 1}]", numbers(CLASSIFIER_2["W"][:, k]), number(CLASSIFIER_2["b"][k])] for k in range(2)]
    yield from columns([["", "V", "c"], *rows], left=2)
    found: dict[Sigma, list[Term]] = {}
    sigmas: tuple[Sigma, ...] = ("tanh", "sigmoid")
    for sigma in sigmas:
        encoder = RNN(input_size=4, hidden_size=2, nonlinearity=sigma)
        states = np.array([step["h"] for step in replay(encoder, weights, x)])
        found[sigma] = terms(states, x, RNN_GATES["h"].W, gradient_at_the_end(states[-1]), sigma)
        if sigma == "tanh":
            yield from _states(words, states)
            yield from _back(states, found[sigma])
            yield from _terms(found[sigma])
    yield from _check(weights, x)
    yield from _norms(found)


def _states(words: list[str], states: Float64Array) -> Iterator[str]:
    slopes = slope(states, "tanh")
    rows = [
        [str(t), word, *map(number, (*h, *s))]
        for t, (word, h, s) in enumerate(zip(words, states, slopes, strict=True), start=1)
    ]
    yield from ("", "The states, and the slopes of tanh there, 1 - h_t^2")
    yield from columns([["t", "x_t", "h_t[1]", "h_t[2]", "1 - h_t[1]^2", "1 - h_t[2]^2"], *rows], left=2)


def _back(states: Float64Array, found: list[Term]) -> Iterator[str]:
    W, slopes, last = RNN_GATES["h"].W, slope(states, "tanh"), len(states)
    P = softmax(classify(CLASSIFIER_2, states[-1:]))[0]
    y = np.eye(len(P))[TRUE_CLASS]
    yield from ("", f"At the end: P = {numbers(P)}, y = {numbers(y)}, dL/dh_{last}[u] = sum_c V[c, u] (P[c] - y[c])")
    rest = P - y
    for u in range(2):
        symbol = f"dL/dh_{last}[{u + 1}]"
        yield from equation(symbol, products(CLASSIFIER_2["W"][u], rest), number(found[0].reached[u]))
    yield from ("", "Back a step, dh_t/dh_{t-1} = diag(1 - h_t^2) W, so")
    yield "dL/dh_{t-1}[u] = sum_v dL/dh_t[v] (1 - h_t[v]^2) W[v, u]"
    for later, term in pairwise(found):
        for u in range(2):
            sums = signed(f"{number(later.reached[v])}*{number(slopes[term.t][v])}*{factor(W[v, u])}" for v in range(2))
            yield from equation(f"dL/dh_{term.t}[{u + 1}]", sums, number(term.reached[u]))


def _terms(found: list[Term]) -> Iterator[str]:
    yield from paragraph(
        f"The {len(found)} terms of dL/dW. dh_t/dW is the immediate derivative, the state before held fixed, so that "
        "entry [u, v] of a term is dL/dh_t[u] (1 - h_t[u]^2) h_{t-1}[v]"
    )
    header = ["", "[1, 1]", "[1, 2]", "[2, 1]", "[2, 2]"]
    last = len(found)
    rows = []
    for term in found:
        path = " ".join(f"dh{j}/dh{j - 1}" for j in range(last, term.t, -1))
        rows.append([f"dL/dh{last} {path}{' ' * bool(path)}dh{term.t}/dW", *map(fixed, term.W.ravel())])
    total = sum(term.W for term in found)
    yield from columns([header, *rows, ["sum: dL/dW", *map(fixed, np.ravel(total))]])
    yield "The last is exactly 0, since h_0 = 0; for U and b it is not (below)."


def _check(weights: Weights, x: Float64Array) -> Iterator[str]:
    changes = []
    for v, u in np.ndindex(2, 2):  # W is stored transposed
        above, below = (dict(weights) for _ in range(2))
        above["0.forward.W"], below["0.forward.W"] = (weights["0.forward.W"].copy() for _ in range(2))
        above["0.forward.W"][u, v] += EPSILON
        below["0.forward.W"][u, v] -= EPSILON
        changes.append((loss(above, x, "tanh") - loss(below, x, "tanh")) / (2 * EPSILON))
    yield from ("", f"Checked: each W[u, v] moved by {EPSILON} up and down, (L(up) - L(down)) / (2 * {EPSILON})")
    yield from columns([["L moves by", *map(fixed, changes)]])


def _norms(found: dict[Sigma, list[Term]]) -> Iterator[str]:
    yield from paragraph(
        "The sizes of the terms (the root of the sum of squares), for tanh and for the logistic function, whose slope "
        "is at most 1/4. The far terms die: weights are updated with respect to short-term effect rather than "
        "long-term effect"
    )
    header = ["steps back", *(f"{sigma} {name}" for sigma in ("tanh", "logistic") for name in "WUb")]
    rows = [
        [str(back), *(fixed(float(np.linalg.norm(g))) for term in pair for g in (term.W, term.U, term.b))]
        for back, pair in enumerate(zip(found["tanh"], found["sigmoid"], strict=True))
    ]
    yield from columns([header, *rows])


PART = Part(
    section=7,
    title="Back-propagation and the vanishing gradient",
    equation="""
dL/dW(1) = dL/dh(1) dh(1)/dW(1),    dL/db(1) = dL/dh(1) dh(1)/db(1),
dL/dh(1) = dL/dh(2) dh(2)/dh(1),    dL/dh(2) = dL/dh(3) dh(3)/dh(2)

dL/dW = dL/dh5 dh5/dW
      + dL/dh5 dh5/dh4 dh4/dW
      + dL/dh5 dh5/dh4 dh4/dh3 dh3/dW
      + dL/dh5 dh5/dh4 dh4/dh3 dh3/dh2 dh2/dW
      + dL/dh5 dh5/dh4 dh4/dh3 dh3/dh2 dh2/dh1 dh1/dW
""",
    files=("lecture/three_layers.py", "lecture/through_time.py", "model/encoders/rnn.py", "model/cross_entropy.py"),
    steps=steps,
)
