"""Gated recurrent unit: every gate of two steps in full, what is stored when, and how slides and libraries differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import SENTENCE, vectors_of, words_of
from unrolled.lecture.gates import table, written
from unrolled.lecture.gru_jacobian import jacobian
from unrolled.lecture.part import Part
from unrolled.lecture.replay import Steps, encoded, overview, replay
from unrolled.lecture.weights import GRU_GATES, RESET_AFTER_BIAS, one_layer
from unrolled.lecture.writing import columns, equation, factor, number, numbers, paragraph, signed
from unrolled.model.encoders.gru import GRU

WEIGHTS = one_layer(GRU_GATES, GRU.blocks)
IN_FULL = 2
SYMBOLS = ("r", "z", "h~", "h")


def steps() -> Iterator[str]:
    """Take two steps in full, then all four in short, then the variants."""
    words = words_of(SENTENCE)
    encoder, x = GRU(input_size=4, hidden_size=2, pooling="last"), vectors_of(words)
    found = replay(encoder, WEIGHTS, x)
    yield from ("", "Two hidden units; the weights, a line for each unit of each gate, the candidate's without a mark")
    yield from table({"r": GRU_GATES["r"], "z": GRU_GATES["z"], "": GRU_GATES["h"]})
    past = np.zeros(2)
    for t, step in enumerate(found[:IN_FULL], start=1):
        yield from ("", f"t = {t}, x_{t} = {words[t - 1]}, h_{t - 1} = {numbers(past)}")
        yield from _step(t, past, x[t - 1], step)
        past = step["h"]
    yield from ("", f"t = 1 … {len(words)} at a glance")
    yield from overview(words, found, SYMBOLS)
    yield from ("", f"The last state goes to the classifier: h_4 = {numbers(encoded(encoder, WEIGHTS, x))}")
    yield from _memory(found)
    yield from _jacobian(found)
    yield from _differences(words)


def _step(t: int, past: Float64Array, x: Float64Array, step: dict[str, Float64Array]) -> Iterator[str]:
    r, z, new, h = (step[symbol] for symbol in ("r", "z", "h~", "h"))
    for symbol, gate, values in (("r", "reset gate", r), ("z", "update gate", z)):
        yield f"  {symbol}_{t} = sigma(W({symbol}) h_{t - 1} + U({symbol}) x_{t} + b({symbol})), {gate}"
        yield from written(f"  {symbol}_{t}", "sigma", GRU_GATES[symbol], past, x, values)
    yield f"  r_{t} * h_{t - 1}, what the candidate sees of the past"
    for u in range(2):
        reset = f"{number(r[u])}*{factor(past[u])}"
        yield from equation(f"(r_{t} * h_{t - 1})[{u + 1}]", reset, number(r[u] * past[u]), indent=4)
    yield f"  h~_{t} = tanh(W (r_{t} * h_{t - 1}) + U x_{t} + b), candidate"
    yield from written(f"  h~_{t}", "tanh", GRU_GATES["h"], r * past, x, new)
    yield f"  h_{t} = (1 - z_{t}) * h_{t - 1} + z_{t} * h~_{t}"
    for u in range(2):
        mixed = f"(1 - {number(z[u])})*{factor(past[u])} + {number(z[u])}*{factor(new[u])}"
        yield from equation(f"h_{t}[{u + 1}]", mixed, number(h[u]), indent=4)


def _memory(found: Steps) -> Iterator[str]:
    last = len(found)
    yield from ("", f"What is stored when: h_{last} = sum_t (prod_{{j>t}} (1 - z_j)) z_t * h~_t")
    for u in range(2):
        terms = []
        for t, step in enumerate(found):
            later = [f"(1 - {number(after['z'][u])})" for after in reversed(found[t + 1 :])]
            terms.append("*".join([*later, number(step["z"][u]), factor(step["h~"][u])]))
        yield from equation(f"h_{last}[{u + 1}]", signed(terms), number(found[-1]["h"][u]))


def _jacobian(found: Steps) -> Iterator[str]:
    yield from ("", "Its Jacobian: dh_t/dh_{t-1} = diag(1-z) + diag((h~ - h_{t-1}) z(1-z)) W(z)")
    yield "                              + diag(z (1-h~^2)) W [diag(r) + diag(h_{t-1} r(1-r)) W(r)]"
    parts = jacobian(found[0]["h"], found[1])
    for row in range(2):
        for column in range(2):
            terms = [number(part[row, column]) for part in parts]
            symbol = f"dh_2[{row + 1}]/dh_1[{column + 1}]"
            yield from equation(symbol, signed(terms), number(float(sum(part[row, column] for part in parts))))


def _differences(words: list[str]) -> Iterator[str]:
    x = vectors_of(words)
    lecture = GRU(input_size=4, hidden_size=2)
    after = GRU(input_size=4, hidden_size=2, reset="after")
    misprint = GRU(input_size=4, hidden_size=2, update_gate="tanh")
    yield from ("", "Where the slides and libraries differ")
    yield from paragraph(
        "Reset before or after the product. The lecture's W (r * h) is our default; torch.nn.GRU and cuDNN compute "
        "r * (W h + c), another model, with one more bias c (ours: --reset after). ONNX calls the lecture's form "
        f"linear_before_reset=0, Keras reset_after=False. With reset after and c = {numbers(RESET_AFTER_BIAS)}:",
        indent=2,
    )
    found_after = replay(after, WEIGHTS | {"0.forward.c": RESET_AFTER_BIAS}, x)
    yield from overview(words, found_after, SYMBOLS)
    yield from _torch(replay(lecture, WEIGHTS, x))
    yield from paragraph(
        "The slide prints the update gate with tanh, a misprint: a gate is between 0 and 1 (Cho et al. 2014). As "
        "printed (ours: --update-gate tanh) z may be negative, 1 - z reaches 2, and the state may double at every "
        "step: over some 130 words it overflows float32.",
        indent=2,
    )
    printed = replay(misprint, WEIGHTS, x)
    yield from overview(words, printed, SYMBOLS)
    rows = [[str(t), *(number(1 - z) for z in step["z"])] for t, step in enumerate(printed, start=1)]
    yield from columns([["t", "1 - z[1]", "1 - z[2]"], *rows])


def _torch(found: Steps) -> Iterator[str]:
    yield from paragraph(
        "torch exchanges z and 1 - z: h_t = (1 - z) * h~_t + z * h_{t-1}. Its gate is our 1 - z, so that W(z), U(z) "
        "and b(z) change their signs when weights are carried over; with its gate the same state is",
        indent=2,
    )
    past, step = found[0]["h"], found[1]
    for u in range(2):
        z = 1 - step["z"][u]
        mixed = f"(1 - {number(z)})*{factor(step['h~'][u])} + {number(z)}*{factor(past[u])}"
        yield from equation(f"h_2[{u + 1}]", mixed, number(step["h"][u]), indent=4)


PART = Part(
    section=9,
    title="GRU",
    equation="""
r_t  = sigma(W(r) h_{t-1} + U(r) x_t + b(r))
z_t  = sigma(W(z) h_{t-1} + U(z) x_t + b(z))
h~_t = tanh (W (r_t * h_{t-1}) + U x_t + b)
h_t  = (1 - z_t) * h_{t-1} + z_t * h~_t,    h_0 = 0
""",
    files=("model/encoders/gru.py", "model/layers/scan.py", "model/layers/recurrent.py"),
    steps=steps,
)
