"""Packed inputs of each direction → the packed states of both (one reads from the left, one from the right)."""

from __future__ import annotations

from collections.abc import Sequence

from array_api_compat import device

from unrolled.arrays import Array
from unrolled.kernels.arrays import array_namespace, rows
from unrolled.model.layers.packing import Packing
from unrolled.model.layers.scan import Step, scan

DIRECTIONS = ("forward", "backward")


def bidirectional(
    steps: Sequence[Step], inputs: Sequence[Array], packing: Packing, hidden_size: int, parts: int
) -> Array:
    """Walk one direction, or both: the second reads every text mirrored, and its states are mirrored back."""
    xp = array_namespace(inputs[0])
    active = packing.active.tolist()
    texts = active[0] if active else 0
    first = xp.zeros((texts, hidden_size), dtype=inputs[0].dtype, device=device(inputs[0]))
    states = []
    for direction, (step, x) in enumerate(zip(steps, inputs, strict=True)):
        x = rows(x, packing.mirror) if direction else x
        state = scan(step, x, active, (first,) * parts) if texts else first
        states.append(rows(state, packing.mirror) if direction else state)
    return xp.concat(states, axis=1)
