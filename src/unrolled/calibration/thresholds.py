"""Probability of the predicted label (rows,), whether it was right (rows,) → the lowest probability of an answer.

    P(precision of the answers < target) <= 1 - sure,   over the draw of the rows that decide

One test for each threshold that was fixed before those rows were looked at: k right ones of n answered rows reject "the
precision is below the target" where tail(k, n, target) <= 1 - sure (Clopper and Pearson). Thresholds are tested in a
fixed order up to the first that isn't rejected, so that all tests together err no more often than one (fixed sequence
testing; Angelopoulos et al. 2021, Learn then Test, section 3). The order comes from other rows, those that chose the
epoch: it begins where these make success likely and goes on to lower thresholds (Laufer-Goldshtein et al. 2023,
Efficiently Controlling Multiple Risks with Pareto Testing, does the same with several risks).

Rows that decide are answered by models of the same kind, each trained without them (out-of-fold), and not by the model
itself, whose precision differs from theirs by chance. So n such rows count as n / (1 + n / CAP): however many they are,
they prove no more than CAP rows answered by the model itself. `docs/decisions/0011-abstention.md` has the measurements.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import BoolArray, FloatArray
from unrolled.calibration.clopper_pearson import CONFIDENCE, rows_needed, tail

CAP = 700  # precision of two models of a kind differs by about as much as that of 700 rows does by chance
PARTS = 200  # thresholds: one for each two-hundredth of the rows that decide, whose labels don't choose them
SURELY = 2.5  # standard deviations: more are not looked for
NEARLY = 0.8  # of the best score: a higher threshold that is nearly as likely to be proved is tested first
Z = 1.645  # standard deviations above which 5 % of a normal distribution lie

FEW = 30  # rows whose share of right ones tells too little to reckon with

# Of each row the probability of the predicted label, and whether that is right: (rows,) both
Scored = tuple[FloatArray, BoolArray]


@dataclass(frozen=True)
class ChosenThreshold:
    """A threshold, and how many of the rows that decided it answers, and of these are right."""

    threshold: float
    answered: int
    right: int


@dataclass(frozen=True)
class Achievable:
    """What may be done where no threshold was chosen, as far as the rows at hand tell.

    The highest precision, in hundredths, that would have been promised, and about how many rows, in place of those that
    decided, would do for the target; None where no lower precision, or no number of rows, would.
    """

    precision: float | None
    rows: int | None


def candidate_thresholds(scored: Scored, deciding: FloatArray, *, target: float) -> list[float]:
    """Order thresholds for `choose`: from the highest that is about the likeliest to be proved, down to 0.

    `judged` are other rows than those that decide, of which only the probabilities are used. At each threshold the k
    right ones of n answers of the former (with two more, right as often as the target asks) and the w answers that
    those of the latter are worth tell how many standard deviations the expected precision is above the needed one,
    p = target + z sqrt(target (1 - target) / w):    (k / n - p) / sqrt(p (1 - p) (1 / n + 1 / w)).
    """
    grid = _grid(deciding)
    counts = np.array([_counted(scored, threshold) for threshold in grid], np.float64)
    answered, right = counts[:, 0], counts[:, 1]
    worth = np.array([max(1.0, _effective_count(int((deciding >= threshold).sum()))) for threshold in grid])
    mean = (right + 2 * target) / (answered + 2)
    needed = np.minimum(target + Z * np.sqrt(target * (1 - target) / worth), 0.9999)
    variance = needed * (1 - needed) * (1 / (answered + 2) + 1 / worth)
    scores = (mean - needed) / np.sqrt(variance)
    best = float(scores.max())
    return grid[int((scores >= min(SURELY, best * NEARLY if best > 0 else best)).argmax()) :]


def choose_threshold(
    scored: Scored, order: Sequence[float], *, target: float, confidence: float = CONFIDENCE
) -> ChosenThreshold | None:
    """Return the last threshold of the order up to which each is proved to reach the target, or None.

    `judged` are rows that had no part in the order, drawn independently of each other as those to come will be.
    """
    chosen: ChosenThreshold | None = None
    for threshold in order:
        answered, right = _counted(scored, threshold)
        if not proves(right, answered, target, confidence):
            break
        chosen = ChosenThreshold(threshold, answered, right)
    return chosen


def achievable(first: Scored, scored: Scored, *, target: float, confidence: float = CONFIDENCE) -> Achievable:
    """Look for a way out where `choose` found nothing: `first` gave the order, `judged` decided."""
    lower = (hundredths / 100 for hundredths in range(99, 0, -1) if hundredths / 100 < target)
    reached = (
        one
        for one in lower
        if choose_threshold(
            scored, candidate_thresholds(first, scored[0], target=one), target=one, confidence=confidence
        )
        is not None
    )
    needed = [_needed(scored, least, target, confidence) for least in _grid(scored[0])]
    return Achievable(next(reached, None), min((rows for rows in needed if rows is not None), default=None))


def proves(right: int, answered: int, target: float, confidence: float) -> bool:
    """Return whether this many right out-of-fold answers prove the target, counted as what they are worth."""
    if not answered:
        return False
    worth = int(_effective_count(answered))
    return tail(right * worth // answered, worth, target) <= 1 - confidence


def _effective_count(answered: int) -> float:
    """Return how many answers of the model itself these out-of-fold answers count as."""
    return answered / (1 + answered / CAP)


def _grid(confidences: FloatArray) -> list[float]:
    places = np.arange(1, PARTS) * len(confidences) // PARTS
    highest = np.sort(confidences)[::-1][places if len(confidences) else []]
    return [*np.unique(highest)[::-1].tolist(), 0.0]


def _counted(scored: Scored, threshold: float) -> tuple[int, int]:
    confidences, right = scored
    answered = confidences >= threshold
    return int(answered.sum()), int((answered & right).sum())


def _needed(scored: Scored, threshold: float, target: float, confidence: float) -> int | None:
    """Guess the rows of which the answered ones would prove the target if as many of them were right."""
    answered, right = _counted(scored, threshold)
    worth = rows_needed(right / answered, target, confidence=confidence) if answered >= FEW else None
    if worth is None or worth >= CAP:
        return None
    return math.ceil(worth / (1 - worth / CAP) * len(scored[0]) / answered)
