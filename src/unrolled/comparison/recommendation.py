"""Models with their size, latency and difference from the selected one → which to take, and what decided that.

A model passes if the bound that holds for all at once excludes a loss of more than the margin; the selected one always
does. One that is larger and slower than another has a larger product of size and latency, so that of those that pass
the least product is the answer: no other that passes is both smaller and faster.

A bound is q standard errors below the difference d. Of its squared standard error the texts' part shrinks with their
number N, the seeds' part does not: the margin is met by N · texts² / (((d + margin) / q)² - seeds²) texts, if at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from unrolled.evaluation.paired_bootstrap import Difference
from unrolled.formatting.ceil_to_2_significant import ceil_to_2_significant

Finding = Literal[
    "cheaper",  # a cheaper model than the selected one passes
    "cheapest",  # none is cheaper than the selected one
    "all_lose",  # every cheaper one loses more than the margin, by its own interval
    "all_lost",  # every cheaper one lost the margin or more on these texts
    "few_texts",  # more texts could tell whether a cheaper one passes
    "few_seeds",  # no number of texts could, as seeds vary too much
]


@dataclass(frozen=True)
class MeasuredModel:
    """A model that was trained to its end: bytes, milliseconds of a text alone, test and validation accuracy.

    Its difference from the selected model is None of that model itself.
    """

    name: str
    size: float
    milliseconds: float
    difference: Difference | None
    accuracy: float
    validation_accuracy: float

    @property
    def cost(self) -> float:
        """Size times latency."""
        return self.size * self.milliseconds


@dataclass(frozen=True)
class Decision:
    """The model to take, the one that was selected on validation, what decided, and the model that is in question."""

    taken: MeasuredModel
    selected: MeasuredModel
    finding: Finding
    in_question: MeasuredModel | None = None
    texts_needed: int | None = None


def recommend(candidates: Sequence[MeasuredModel], *, margin: float, texts: int) -> Decision:
    """Choose among candidates, of which exactly one is selected; `margin` is a share, `texts` counts the test's."""
    (selected,) = (one for one in candidates if one.difference is None)
    passing = [one for one in candidates if one.difference is None or one.difference.surely_above >= -margin]
    taken = min(passing, key=lambda one: (one.cost, one.difference is not None))
    if taken is not selected:
        return Decision(taken, selected, "cheaper")
    return _keep_selected(selected, [one for one in candidates if one.cost < selected.cost], margin, texts)


def _keep_selected(selected: MeasuredModel, cheaper: Sequence[MeasuredModel], margin: float, texts: int) -> Decision:
    """Find out why no cheaper model can be recommended, though one might be good enough."""
    if not cheaper:
        return Decision(selected, selected, "cheapest")
    open_ = [(one, d) for one in cheaper if (d := one.difference) and d.interval.high >= -margin]
    if not open_:
        return Decision(selected, selected, "all_lose")
    promising = [(one, d) for one, d in open_ if d.interval.value > -margin]
    if not promising:
        return Decision(selected, selected, "all_lost")
    needed, _, one = min((_texts_needed(d, margin, texts), one.name, one) for one, d in promising)
    if math.isinf(needed):
        return Decision(selected, selected, "few_seeds", one)
    return Decision(selected, selected, "few_texts", one, ceil_to_2_significant(needed))


def _texts_needed(difference: Difference, margin: float, texts: int) -> float:
    error = math.hypot(difference.from_texts, difference.from_seeds)
    quantile = (difference.interval.value - difference.surely_above) / error
    left = ((difference.interval.value + margin) / quantile) ** 2 - difference.from_seeds**2
    return texts * difference.from_texts**2 / left if left > 0 else math.inf
