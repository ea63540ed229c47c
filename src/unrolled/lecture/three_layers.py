"""One number, three layers of one unit each, a classifier → the loss's gradients, factor by factor, written out.

h(l) = relu(w(l) h(l-1) + b(l)),    dL/dw(l) = dL/dh(l) h(l-1),    dL/dh(l-1) = dL/dh(l) w(l)        where relu is not 0
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import vectors_of
from unrolled.lecture.weights import CLASSIFIER_1, THREE_LAYERS
from unrolled.lecture.writing import columns, equation, factor, number, numbers, paragraph, products, signed
from unrolled.model.classifier import classify, softmax
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.encoder import no_dropout
from unrolled.model.layers.feed_forward import feed_forward

LAYERS = 3
TRUE_CLASS = 0
EPSILON = 1e-5
INPUT = float(vectors_of(["Alice"])[0, 0])


def states(weights: Mapping[str, Float64Array]) -> list[float]:
    """Run the layers: h(0), the input, to h(3)."""
    deep = [feed_forward(weights, np.array([[INPUT]]), layers, no_dropout) for layers in range(LAYERS + 1)]
    return [float(h[0, 0]) for h in deep]


def loss(weights: Mapping[str, Float64Array]) -> float:
    """Run the layers and the classifier."""
    logits = classify(CLASSIFIER_1, np.array([[states(weights)[-1]]]))
    return float(cross_entropy(logits, np.array([TRUE_CLASS])))


def through_layers() -> Iterator[str]:
    """Write the way forward and the way back."""
    h = states(THREE_LAYERS)
    w, b = ([float(THREE_LAYERS[f"{layer}.{name}"].ravel()[0]) for layer in range(LAYERS)] for name in "Wb")
    yield from (
        "",
        f"Through layers: one unit each, relu, on one number, x = h(0) = {number(h[0])} (Alice, dimension 1)",
    )
    for layer in range(LAYERS):
        inside = signed([products([w[layer]], [h[layer]]), number(b[layer])])
        yield from equation(f"h({layer + 1})", f"relu({inside})", number(h[layer + 1]))
    P = softmax(classify(CLASSIFIER_1, np.array([[h[-1]]])))[0]
    V, y = CLASSIFIER_1["W"][0], np.eye(len(P))[TRUE_CLASS]
    logits = ", ".join(f"{number(v)}*{number(h[-1])}" for v in V)
    yield f"  P = softmax([{logits}]) = {numbers(P)}, y = {numbers(y)}"
    yield from equation("L", f"-log({number(P[TRUE_CLASS])})", number(loss(THREE_LAYERS)))
    yield from paragraph(
        "and back. Where relu lets a number pass its slope is 1, and so dh(l)/dh(l-1) = W(l), dh(l)/dW(l) = h(l-1) and "
        "dh(l)/db(l) = 1",
        indent=2,
    )
    yield from _back(h, w, V, P - y)


def _back(h: list[float], w: list[float], V: Float64Array, rest: Float64Array) -> Iterator[str]:
    reached = float(V @ rest)
    yield from equation("dL/dh(3)", f"sum_c V[c] (P[c] - y[c]) = {products(V, rest)}", number(reached))
    rows = []
    for layer in range(LAYERS, 0, -1):
        slope = float(h[layer] > 0)
        gradient = reached * slope * h[layer - 1]
        yield from equation(f"dL/dW({layer})", f"{number(reached)}*{factor(h[layer - 1])}", number(gradient))
        yield from equation(f"dL/db({layer})", f"{number(reached)}*1", number(reached * slope))
        rows.append([f"dL/dW({layer})", number(gradient), number(_moved(f"{layer - 1}.W"))])
        if layer > 1:
            before, reached = reached, reached * slope * w[layer - 1]
            step = f"dL/dh({layer}) dh({layer})/dh({layer - 1}) = {number(before)}*{factor(w[layer - 1])}"
            yield from equation(f"dL/dh({layer - 1})", step, number(reached))
    yield from ("", f"  Checked: each W moved by {EPSILON} up and down, (L(up) - L(down)) / (2 * {EPSILON})")
    yield from columns([["", "chain rule", "L moves by"], *rows])


def _moved(name: str) -> float:
    up, down = (THREE_LAYERS | {name: THREE_LAYERS[name] + change} for change in (EPSILON, -EPSILON))
    return (loss(up) - loss(down)) / (2 * EPSILON)
