"""A gate, the state before and a word → bend(W h + U x + b) written out with its numbers, unit by unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.lecture.weights import Gate
from unrolled.lecture.writing import columns, equation, number, numbers, products, signed


def written(
    symbol: str, bend: str, gate: Gate, past: Float64Array, x: Float64Array, values: Float64Array
) -> Iterator[str]:
    """Write every unit of a gate; its value comes from the network's own step, and so from nothing written here."""
    for unit, value in enumerate(values):
        weights = np.concatenate([gate.W[unit], gate.U[unit]])
        inputs = np.concatenate([past, x])
        inside = signed([products(weights, inputs), number(gate.b[unit])])
        summed = f"{bend}({number(float(weights @ inputs + gate.b[unit]))})"
        yield from equation(f"{symbol}[{unit + 1}]", f"{bend}({inside})", summed, number(value))


def table(gates: Mapping[str, Gate]) -> Iterator[str]:
    """Write the weights of gates, by the mark behind W, U and b: a line for each unit."""
    header = ["", "W", "U", "b"]
    rows = [
        [f"({mark})[{unit + 1}]" if mark else f"[{unit + 1}]", *map(numbers, (gate.W[unit], gate.U[unit])), number(b)]
        for mark, gate in gates.items()
        for unit, b in enumerate(gate.b)
    ]
    yield from columns([header, *rows], left=3)
