"""A budget for a whole comparison → the seconds that the next training may take, some being left for the page."""

from __future__ import annotations

import math
from dataclasses import dataclass

from unrolled.training.clock import Clock, monotonic

PAGE, SHARE = 3.0, 0.05  # seconds, and the share of the budget, that measuring speeds and writing the page take
LEAST = 0.5  # seconds, below which no training is begun


@dataclass(frozen=True)
class Shares:
    """The time of a comparison."""

    started: float
    budget: float | None = None
    clock: Clock = monotonic

    @property
    def left(self) -> float:
        """Seconds that trainings may still take."""
        if self.budget is None:
            return math.inf
        return self.started + self.budget * (1 - SHARE) - PAGE - self.clock()

    def of_next(self, trainings: int) -> float | None:
        """Give the next of so many trainings its equal share: what others leave goes to those behind. None: no limit.

        A share of 0 says that it isn't to be begun.
        """
        share = self.left / trainings
        return None if math.isinf(share) else share if share >= LEAST else 0.0
