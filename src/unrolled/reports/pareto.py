"""Costs and gains → the things that nothing beats in both."""

from __future__ import annotations

import math
from collections.abc import Sequence


def pareto_front(costs_and_gains: Sequence[tuple[float, float]]) -> list[int]:
    """Return the places of the pairs (cost, gain) that no other dominates, from the cheapest to the dearest.

    One dominates another if it costs no more, gains no less, and is better in one of the two (Pareto 1906).
    """
    order = sorted(range(len(costs_and_gains)), key=lambda n: (costs_and_gains[n][0], -costs_and_gains[n][1]))
    front: list[int] = []
    most = -math.inf
    for n in order:
        if costs_and_gains[n][1] > most or (front and costs_and_gains[front[-1]] == costs_and_gains[n]):
            front.append(n)
            most = costs_and_gains[n][1]
    return front
