"""A budget in seconds and the run's own speed → whether there is time for one more step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]


class DeadlineExceeded(Exception):  # noqa: N818  a fact about a run, not a mistake
    """A run was given up, whatever was not done yet."""


class Deadline:
    """Time since the command began, and the speed of training so far, by an injected clock."""

    def __init__(
        self,
        budget: float | None = None,
        *,
        words_after: int = 0,
        started: float | None = None,
        last: float = math.inf,
        clock: Clock = time.monotonic,
    ) -> None:
        """Begin at `started`; after training, `words_after` words are still to be read for evaluation.

        A budget ends training in time to evaluate. When `last` has come, by the clock, the run itself is given up.
        """
        self.clock, self.words_after, self.last = clock, words_after, last
        self.started = clock() if started is None else started
        self.allow(budget)
        self.words, self.training_seconds, self.longest_step = 0, 0.0, 0.0

    def allow(self, budget: float | None) -> None:
        """Set the budget in seconds since the start; None is no limit."""
        self.deadline = math.inf if budget is None else self.started + budget

    def read_after(self, seconds_per_word: float) -> None:
        """Reserve the time of reading the words after training, where it isn't that of training on them."""
        self.deadline -= self.words_after * seconds_per_word
        self.words_after = 0

    @contextmanager
    def reserved(self, share: float) -> Iterator[None]:
        """Keep a share of the time that is left for what comes after the block."""
        reserved_seconds = 0.0 if self.deadline == math.inf else share * (self.deadline - self.clock())
        self.deadline -= reserved_seconds
        yield
        self.deadline += reserved_seconds

    def part(self, share: float, *, words_after: int) -> Deadline:
        """Return a stopwatch for another run, which has a share of the time that is left."""
        part = Deadline(None, words_after=words_after, last=self.last, clock=self.clock)
        part.deadline = part.started + share * (self.deadline - self._reading - part.started)
        return part

    def record_step(self, seconds: float, words: int, *, slowdown: float = 1.0) -> None:
        """Note a training step; the next may take longer by this factor."""
        self.words, self.training_seconds = self.words + words, self.training_seconds + seconds
        self.longest_step = max(self.longest_step, slowdown * seconds)

    def resume(self, elapsed: float, words: int, training_seconds: float, longest_step: float) -> None:
        """Count the time and words of an earlier part of the run."""
        self.started, self.deadline = self.started - elapsed, self.deadline - elapsed
        self.words, self.training_seconds, self.longest_step = words, training_seconds, longest_step

    def reject_late(self) -> None:
        """Raise DeadlineExceeded when the last moment has passed."""
        if self.clock() > self.last:
            raise DeadlineExceeded

    @property
    def elapsed(self) -> float:
        """Seconds since the command began."""
        return self.clock() - self.started

    @property
    def words_per_second(self) -> float:
        """Training speed, 0 before the first step."""
        return self.words / self.training_seconds if self.training_seconds else 0.0

    def has_time(self) -> bool:
        """Return whether a step as long as the longest still leaves time to evaluate.

        Evaluating is counted at the speed of training, though it is faster: a budget is kept, not used up.
        """
        if self.deadline == math.inf:
            return True
        return self.clock() + self.longest_step + self._reading < self.deadline

    @property
    def _reading(self) -> float:
        """Seconds that the words to be read after training take."""
        return self.words_after * self.training_seconds / self.words if self.words else 0.0


monotonic: Clock = time.monotonic
