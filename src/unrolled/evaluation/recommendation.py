"""Models with their size, latency and difference from the best → the one to take, why, and how many texts would tell.

A model passes if the bound that holds for all at once excludes a loss of more than the margin; the best always does.
One that is larger and slower than another has a larger product of size and latency, so that of those that pass the
least product is the answer: no other that passes is both smaller and faster.

A bound lies q standard errors below the difference d. Of its squared standard error the texts' part shrinks with their
number N, the seeds' part does not: the margin is met by N · texts² / (((d + margin) / q)² - seeds²) texts, if at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unrolled.evaluation.paired_bootstrap import Difference
from unrolled.evaluation.two_digits import two_digits_up


@dataclass(frozen=True)
class Candidate:
    """A model that was trained to its end: bytes, milliseconds of a text alone, its difference; None of the best."""

    name: str
    size: float
    milliseconds: float
    difference: Difference | None

    @property
    def cost(self) -> float:
        """Size times latency."""
        return self.size * self.milliseconds


@dataclass(frozen=True)
class Recommendation:
    """The model to take, why, said as behind `Take X: `, and how many test texts would tell more if these don't."""

    model: str
    reason: str
    texts_needed: int | None = None


def recommend(
    candidates: Sequence[Candidate],
    *,
    margin: float,
    texts: int,
    unfinished: Sequence[str] = (),
    ahead: Sequence[str] = (),
) -> Recommendation:
    """Choose among candidates, exactly one of which is the best; `margin` is a share, `texts` counts the test's.

    Of the `unfinished` models nothing is known: they are named, and which of them are already `ahead` of the best.
    """
    the_best = f"the best {'finished model ' if unfinished else ''}on the development texts"
    chosen = _chosen(candidates, margin, texts, the_best)
    if not unfinished:
        return chosen
    said = f"Unfinished, so that nothing is known: {', '.join(unfinished)}."
    if ahead:
        said += f" Already ahead on the development texts when the clock ended training: {', '.join(ahead)}."
        said += " A longer --budget may change the answer."
    return replace(chosen, reason=f"{chosen.reason} {said}")


def _chosen(candidates: Sequence[Candidate], margin: float, texts: int, the_best: str) -> Recommendation:
    (best,) = (one for one in candidates if one.difference is None)
    passing = [one for one in candidates if one.difference is None or one.difference.surely_above >= -margin]
    chosen = min(passing, key=lambda one: (one.cost, one.difference is not None))
    if chosen.difference is not None:
        return Recommendation(chosen.name, _passes(chosen.difference, f"{best.name}, {the_best}"))
    return _stay(best, [one for one in candidates if one.cost < best.cost], margin, texts, the_best)


def _passes(difference: Difference, best: str) -> str:
    loss = -difference.surely_above
    surely = f"loses surely less than {_points(loss)} of accuracy against" if loss > 0 else "is surely no worse than"
    return f"it {surely} {best}, and is the cheapest of which that can be said."


def _stay(best: Candidate, cheaper: Sequence[Candidate], margin: float, texts: int, the_best: str) -> Recommendation:
    """Say why no cheaper model can be recommended, though one might be good enough."""
    why = f"it is {the_best}"
    if not cheaper:
        return Recommendation(best.name, f"{why}, and none is cheaper by size times latency.")
    open_ = [(one.name, d) for one in cheaper if (d := one.difference) and d.interval.high >= -margin]
    if not open_:
        return Recommendation(best.name, f"{why}, and every cheaper model loses more than {_points(margin)}.")
    promising = [(name, difference) for name, difference in open_ if difference.interval.value > -margin]
    if not promising:
        lost = f"every cheaper model lost {_points(margin)} or more, though of some that may be chance"
        return Recommendation(best.name, f"{why}, and {lost}.")
    needed, name = min((_texts_needed(difference, margin, texts), name) for name, difference in promising)
    question = f"whether {name} loses less than {_points(margin)} against {best.name}, {the_best}"
    if math.isinf(needed):
        return Recommendation(best.name, f"seeds differ too much to say {question}: more seeds are needed.")
    about = two_digits_up(needed)
    tested = f"{texts:,} text{'' if texts == 1 else 's'}"
    reason = f"the test set of {tested} is too small to say {question}: about {about:,} would do."
    return Recommendation(best.name, reason, about)


def _texts_needed(difference: Difference, margin: float, texts: int) -> float:
    error = math.hypot(difference.from_texts, difference.from_seeds)
    quantile = (difference.interval.value - difference.surely_above) / error
    left = ((difference.interval.value + margin) / quantile) ** 2 - difference.from_seeds**2
    return texts * difference.from_texts**2 / left if left > 0 else math.inf


def _points(share: float) -> str:
    """Write a share of texts as points of accuracy, rounded up to hundredths: it stands behind 'less than'."""
    points = math.ceil(round(100 * share, 6) * 100) / 100
    return f"{points:g} point{'' if points == 1 else 's'}"
