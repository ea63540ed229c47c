"""Which texts two models have right (texts,), of each seed → how often one alone was right, and McNemar's exact test.

Were the models equally good, each text that only one of them has right would fall to either like a coin. The p-value
is that of the two-sided binomial test: 2 · P(B ≤ the fewer), at most 1, with B of Binomial(n, 1/2) and n such texts
(McNemar 1947). It is computed in whole numbers and rounded once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unrolled.arrays import BoolArray
from unrolled.evaluation.holm import holm


@dataclass(frozen=True)
class McNemar:
    """How often only the selected model and only this one were right, of one seed, and the p-values of that."""

    seed: int
    selected_alone: int
    this_alone: int
    p: float
    p_holm: float


def mcnemar_p(one_alone: int, other_alone: int) -> float:
    """Return the probability that a fair coin falls at least as unevenly."""
    tosses, fewer = one_alone + other_alone, min(one_alone, other_alone)
    ways = term = 1  # tosses over 0
    for heads in range(1, fewer + 1):
        term = term * (tosses - heads + 1) // heads
        ways += term
    return min(1.0, 2 * ways / (1 << tosses))


def mcnemar_tables(selected: Mapping[int, BoolArray], others: Sequence[Mapping[int, BoolArray]]) -> list[list[McNemar]]:
    """Test each other model against the selected one, seed by seed; Holm's correction is over all tests of all models.

    Each mapping gives by seed which texts (texts,) a model has right. Seeds that one of the two lacks are left out.
    """
    shared = [{seed: right for seed, right in other.items() if seed in selected} for other in others]
    alone = [[(seed, *_alone(selected[seed], right)) for seed, right in other.items()] for other in shared]
    values = [mcnemar_p(*counts) for of_model in alone for _, *counts in of_model]
    corrected = iter(zip(values, holm(values), strict=True))
    return [[McNemar(*counts, *next(corrected)) for counts in of_model] for of_model in alone]


def _alone(selected: BoolArray, other: BoolArray) -> tuple[int, int]:
    return int((selected & ~other).sum()), int((other & ~selected).sum())
