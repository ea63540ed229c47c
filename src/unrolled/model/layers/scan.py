"""Inputs of every packed word (words, d) and a step → the hidden state after every word (words, hidden).

A step takes U x_t + b and the state (h_{t-1}, …) and gives the new state, followed by the gates it computed on the way:
whoever looks inside finds them there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from unrolled.arrays import Array
from unrolled.kernels.arrays import array_namespace, runs

State: TypeAlias = tuple[Array, ...]  # h first, then what else the network carries along, each (texts, hidden)
Step: TypeAlias = Callable[[Array, State], State]


def scan(step: Step, inputs: Array, active: Sequence[int], state: State) -> Array:
    """Walk over time: at step t only the first `active[t]` texts go on (see `packing`)."""
    hidden = []
    for x in runs(inputs, active):
        found = step(x, tuple(part[: len(x)] for part in state))
        state = found[: len(state)]
        hidden.append(state[0])
    return array_namespace(inputs).concat(hidden)
