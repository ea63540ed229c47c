"""A budget for a whole comparison → the seconds that the next training may take, some being left for the page."""

from __future__ import annotations

import math
from dataclasses import dataclass

from unrolled.training.deadline import Clock, monotonic

PAGE, SHARE = 3.0, 0.05  # seconds, and the share of the budget, that measuring speeds and writing the page take
PER_ANSWER = 1e-5  # seconds that the intervals take for a test text and a model
OVERDRAFT = 2.0  # times its share, after which a training is given up, whatever it has not done yet,
GRACE = 5.0  # and seconds after the end of all: one that ends training in time needs a moment more to read the texts
LEAST = 0.5  # seconds that any training gets, and below which none is begun


@dataclass(frozen=True)
class TimeBudget:
    """The time of a comparison."""

    started: float
    budget: float | None = None
    clock: Clock = monotonic
    answers: int = 0  # test texts times models

    @property
    def end(self) -> float:
        """The moment at which trainings must have ended."""
        if self.budget is None:
            return math.inf
        return self.started + self.budget * (1 - SHARE) - PAGE - PER_ANSWER * self.answers

    @property
    def are_over(self) -> bool:
        """Return whether not even one training is to be begun."""
        return self.end - self.clock() < LEAST

    def of_next(self, trainings: int) -> float | None:
        """Return the next training's equal share of the time left; what others leave is divided again. None: no limit.

        It is no less than `LEAST`, so that of too many the first are trained; 0 says that the time is over.
        """
        if self.budget is None:
            return None
        return 0.0 if self.are_over else max((self.end - self.clock()) / trainings, LEAST)

    def last(self, share: float | None) -> float:
        """Return the moment at which a training of this share, begun now, is given up."""
        return math.inf if share is None else min(self.end + GRACE, self.clock() + OVERDRAFT * share)
