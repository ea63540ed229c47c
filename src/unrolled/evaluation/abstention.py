"""Probability of the predicted label (rows,), whether it was right (rows,) → the least probability to answer from.

    P(precision of what is answered < target) <= 1 - sure,   over the draw of the rows that decide

A test each for thresholds that were fixed before those rows were looked at: k right ones of n answered rows reject "the
precision is below the target" where tail(k, n, target) <= 1 - sure (Clopper and Pearson). The thresholds are tried in a
fixed order and the first that isn't rejected ends it, so that all tests together err as seldom as one (fixed sequence
testing; Angelopoulos et al. 2021, Learn then Test, section 3). The order comes from other rows, those that chose the
epoch: it begins where they have the strongest evidence, and goes on to lower thresholds (Laufer-Goldshtein et al. 2023,
Efficiently Controlling Multiple Risks with Pareto Testing, does the same with several risks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.evaluation.clopper_pearson import SURE, rows_needed, tail

PARTS = 50  # thresholds: one for each fiftieth of the rows that order them

FEW = 30  # rows whose share of right ones tells too little to reckon with

# Of each row the probability of the predicted label, and whether that is right: (rows,) both
Judged = tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]


@dataclass(frozen=True)
class Chosen:
    """A threshold, and how many of the rows that decided it answers, and of these are right."""

    threshold: float
    answered: int
    right: int


@dataclass(frozen=True)
class Possible:
    """What may be done where no threshold was chosen, as far as the rows at hand tell.

    The highest precision, in hundredths, that would have been promised, and about how many rows, in place of those that
    decided, would do for the target; None where no lower precision, or no number of rows, would.
    """

    precision: float | None
    rows: int | None


def thresholds(judged: Judged, *, target: float) -> list[float]:
    """Order thresholds for `choose`, the strictest first and 0, which answers all, last; `judged` are other rows."""
    found = _grid(judged)
    evidence = [tail(right, answered, target) for answered, right in (_counted(judged, least) for least in found)]
    strongest = min(range(len(found)), key=lambda place: (evidence[place], -place))
    return found[strongest:]


def choose(judged: Judged, order: Sequence[float], *, target: float, sure: float = SURE) -> Chosen | None:
    """Give the last threshold of the order until which each is proved to reach the target; None where the first isn't.

    `judged` are rows that had no part in the order, drawn independently of each other as those to come will be.
    """
    chosen: Chosen | None = None
    for threshold in order:
        answered, right = _counted(judged, threshold)
        if not answered or tail(right, answered, target) > 1 - sure:
            break
        chosen = Chosen(threshold, answered, right)
    return chosen


def possible(first: Judged, judged: Judged, *, target: float, sure: float = SURE) -> Possible:
    """Look for a way out where `choose` found nothing: `first` gave the order, `judged` decided."""
    lower = (hundredths / 100 for hundredths in range(99, 0, -1) if hundredths / 100 < target)
    precision = next(
        (one for one in lower if choose(judged, thresholds(first, target=one), target=one, sure=sure)), None
    )
    together = np.concatenate([first[0], judged[0]]), np.concatenate([first[1], judged[1]])
    needed = [_needed(together, least, target, sure) for least in _grid(together)]
    return Possible(precision, min((rows for rows in needed if rows is not None), default=None))


def _grid(judged: Judged) -> list[float]:
    confidences, _ = judged
    surest = np.sort(confidences)[::-1][np.arange(1, PARTS) * len(confidences) // PARTS]
    return [*np.unique(surest)[::-1].tolist(), 0.0]


def _counted(judged: Judged, threshold: float) -> tuple[int, int]:
    confidences, right = judged
    answered = confidences >= threshold
    return int(answered.sum()), int((answered & right).sum())


def _needed(judged: Judged, threshold: float, target: float, sure: float) -> int | None:
    """Guess the rows of which the answered ones would prove the target if as many of them were right."""
    answered, right = _counted(judged, threshold)
    rows = rows_needed(right / answered, target, sure=sure) if answered >= FEW else None
    return None if rows is None else -(-rows * len(judged[0]) // answered)
