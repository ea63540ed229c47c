"""What a model was promised to keep → its temperature, and the least probability with which it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from unrolled.settings import Interval

LOWEST, HIGHEST = 0.01, 100.0  # temperatures; beyond them probabilities are one label's or everybody's
UNREACHED = 2.0  # a least probability that none has


@dataclass(frozen=True, kw_only=True)
class Abstention:
    """P(y | x) = softmax(logits / temperature), and an answer where the highest reaches the threshold.

    Without a threshold no one kept the promise: nothing is answered, unless its user says otherwise.
    """

    target_precision: Annotated[float, Interval(0, 1, closed="neither")] = 0.95
    temperature: Annotated[float, Interval(LOWEST, HIGHEST)] = 1.0
    threshold: Annotated[float | None, Interval(0, 1)] = None

    @property
    def least(self) -> float:
        """Give the least probability of an answer."""
        return UNREACHED if self.threshold is None else self.threshold
