"""When a model answers: its temperature, and the lowest probability of an answer, for all labels or for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.settings import Interval

LOWEST, HIGHEST = 0.01, 100.0  # temperatures; beyond them probabilities are one label's or everybody's
UNREACHED = 2.0  # a lowest probability that none has


@dataclass(frozen=True, kw_only=True)
class Abstention:
    """P(y | x) = softmax(logits / temperature), and an answer where the highest reaches the threshold.

    Target and threshold are one number, or one for each of some labels; labels without a target are always answered.
    A threshold of None means that no threshold reached the target: nothing is answered by default.
    """

    target_precision: Annotated[float | Mapping[str, float], Interval(0, 1, closed="neither")] = 0.95
    temperature: Annotated[float, Interval(LOWEST, HIGHEST)] = 1.0
    threshold: Annotated[float | Mapping[str, float | None] | None, Interval(0, 1)] = None

    @property
    def thresholds(self) -> Mapping[str, float | None]:
        """Return the thresholds by label; empty where one holds for all labels."""
        return self.threshold if isinstance(self.threshold, Mapping) else {}

    def fits(self, labels: Iterable[str]) -> bool:
        """Return whether target and threshold are both numbers, or are of the same labels, all of them known."""
        target = self.target_precision
        if not isinstance(target, Mapping) or not isinstance(self.threshold, Mapping):
            return not isinstance(target, Mapping) and not isinstance(self.threshold, Mapping)
        return set(target) == set(self.threshold) <= set(labels)

    def lowest(self, labels: Iterable[str]) -> Float64Array:
        """Return the lowest probability with which each label is answered: (labels,)."""
        found = [self.thresholds.get(label, 0.0) if self.thresholds else self.threshold for label in labels]
        return np.array([UNREACHED if one is None else one for one in found])
