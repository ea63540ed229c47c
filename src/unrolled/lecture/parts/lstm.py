"""Long short-term memory: every gate of two steps in full, all steps at a glance, and the memory as a sum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.example import SENTENCE, vectors_of, words_of
from unrolled.lecture.gates import table, written
from unrolled.lecture.part import Part
from unrolled.lecture.replay import Steps, encoded, overview, replay
from unrolled.lecture.weights import LSTM_GATES, one_layer
from unrolled.lecture.writing import equation, factor, number, numbers, paragraph, signed
from unrolled.model.encoders.lstm import LSTM

WEIGHTS = one_layer(LSTM_GATES, LSTM.blocks)
SIGMA = {"i": "how much to write", "f": "how much to keep (the slide says: erase)", "o": "how much to show"}
IN_FULL = 2


def steps() -> Iterator[str]:
    """Take two steps in full, then all four in short."""
    words = words_of(SENTENCE)
    encoder, x = LSTM(input_size=4, hidden_size=2, pooling="last"), vectors_of(words)
    found = replay(encoder, WEIGHTS, x)
    yield from ("", "Two hidden units; the weights, a line for each unit of each gate")
    yield from table({mark: LSTM_GATES[mark] for mark in "ifoc"})
    past = {"h": np.zeros(2), "C": np.zeros(2)}
    for t, step in enumerate(found[:IN_FULL], start=1):
        yield from (
            "",
            f"t = {t}, x_{t} = {words[t - 1]}, h_{t - 1} = {numbers(past['h'])}, C_{t - 1} = {numbers(past['C'])}",
        )
        yield from _step(t, past, x[t - 1], step)
        past = step
    yield from ("", f"t = 1 … {len(words)} at a glance")
    for symbols in (("i", "f", "o"), ("C~", "C", "h")):
        yield from overview(words, found, symbols)
    yield from ("", f"The last state goes to the classifier: h_4 = {numbers(encoded(encoder, WEIGHTS, x))}")
    yield from _memory(found)


def _step(t: int, past: dict[str, Float64Array], x: Float64Array, step: dict[str, Float64Array]) -> Iterator[str]:
    for symbol, gate in SIGMA.items():
        yield f"  {symbol}_{t} = sigma(W({symbol}) h_{t - 1} + U({symbol}) x_{t} + b({symbol})), {gate}"
        yield from written(f"  {symbol}_{t}", "sigma", LSTM_GATES[symbol], past["h"], x, step[symbol])
    yield f"  C~_{t} = tanh(W(c) h_{t - 1} + U(c) x_{t} + b(c)), what to write"
    yield from written(f"  C~_{t}", "tanh", LSTM_GATES["c"], past["h"], x, step["C~"])
    yield f"  C_{t} = f_{t} * C_{t - 1} + i_{t} * C~_{t}, long-term memory"
    i, f, o, new, C, h = (step[symbol] for symbol in ("i", "f", "o", "C~", "C", "h"))
    for u in range(2):
        old_part, added = f"{number(f[u])}*{factor(past['C'][u])}", f"{number(i[u])}*{factor(new[u])}"
        yield from equation(f"C_{t}[{u + 1}]", f"{old_part} + {added}", number(C[u]), indent=4)
    yield f"  h_{t} = o_{t} * tanh(C_{t}), short-term memory"
    for u in range(2):
        yield from equation(f"h_{t}[{u + 1}]", f"{number(o[u])}*tanh({number(C[u])})", number(h[u]), indent=4)


def _memory(found: Steps) -> Iterator[str]:
    last = len(found)
    yield from (
        "",
        f"The addition is the key: C_{last} = sum_t (prod_{{j>t}} f_j) i_t * C~_t",
    )
    for u in range(2):
        terms = []
        for t, step in enumerate(found):
            later = [number(after["f"][u]) for after in reversed(found[t + 1 :])]
            terms.append("*".join([*later, number(step["i"][u]), factor(step["C~"][u])]))
        yield from equation(f"C_{last}[{u + 1}]", signed(terms), number(found[-1]["C"][u]))
    share = np.prod([step["f"] for step in found[1:]], axis=0)
    yield from paragraph(
        "Along C no function bends the gradient's way: directly, "
        f"C_{last} holds f_{last} * … * f_2 = {numbers(share)} of C_1. That does not guarantee that nothing vanishes, "
        "since f may be small; it makes long distances easier to learn."
    )


PART = Part(
    section=8,
    title="LSTM",
    equation="""
i_t  = sigma(W(i) h_{t-1} + U(i) x_t + b(i))
C~_t = tanh (W(c) h_{t-1} + U(c) x_t + b(c))
f_t  = sigma(W(f) h_{t-1} + U(f) x_t + b(f))
C_t  = f_t * C_{t-1} + i_t * C~_t
o_t  = sigma(W(o) h_{t-1} + U(o) x_t + b(o))
h_t  = o_t * tanh(C_t),    h_0 = C_0 = 0
""",
    files=("model/encoders/lstm.py", "model/layers/scan.py", "model/layers/recurrent.py"),
    steps=steps,
)
