"""A run between two steps → its position and arrays, kept when it is time or SIGTERM comes; and Ctrl-C."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from signal import SIGTERM
from typing import Any, Protocol, TypeAlias

from unrolled.arrays import AnyArray
from unrolled.errors import FolderError
from unrolled.training.deadline import Clock, monotonic
from unrolled.training.signals import Terminated, stop_requested
from unrolled.training.trainer_state import TrainerState

Arrays: TypeAlias = Mapping[str, AnyArray]
State: TypeAlias = tuple[TrainerState, Arrays]

SHARE = 0.05  # of the time, at most, is spent on keeping states


class CheckpointStore(Protocol):
    """Where states are kept, the last one at a time."""

    def keep(self, position: Mapping[str, Any], arrays: Arrays) -> None:
        """Keep a state in place of the one before, whole or not at all; raises FolderError."""

    def kept(self, like: Arrays) -> tuple[Mapping[str, Any], Arrays] | None:
        """Give the state kept by an earlier run, its arrays of the names, shapes and dtypes of these."""


class Checkpoints:
    """Looked at by a run between its steps."""

    def __init__(
        self,
        keeper: CheckpointStore | None = None,
        *,
        every: float = math.inf,
        say: Callable[[str], Any] = lambda _: None,
        clock: Clock = monotonic,
    ) -> None:
        """Keep a state every so many seconds; without a keeper none is kept, and SIGTERM acts as usual."""
        self.keeper, self.every, self.say, self.clock = keeper, every, say, clock
        self.interrupted, self.terminated = threading.Event(), threading.Event()
        self.due = clock() + every
        self.until: ExitStack | None = None
        self.said, self.unkept = "", False

    @contextmanager
    def until_saved(self, left: str) -> Iterator[None]:
        """Let the block save a run that SIGTERM finds at its end; then raise Terminated, with what is left."""
        with ExitStack() as self.until:
            yield
        self.until = None
        if self.terminated.is_set():
            raise Terminated(left)

    def without_states(self) -> Checkpoints:
        """Return checkpoints for another run, whose states aren't saved: SIGTERM ends it at once."""
        found = _WithoutStates(clock=self.clock)
        found.terminated = self.terminated
        return found

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Catch Ctrl-C while the block runs, and SIGTERM if states are kept, until the run is saved."""
        with stop_requested() as self.interrupted, ExitStack() as own:
            if self.keeper:
                self.terminated = (self.until or own).enter_context(stop_requested(SIGTERM))
            yield
        if self.terminated.is_set() and not self.until:
            raise Terminated

    def kept(self, like: Arrays) -> State | None:
        """Give the state to go on from, if there is one; raises FolderError where it can't be used."""
        found = self.keeper.kept(like) if self.keeper else None
        return (TrainerState.from_json(found[0]), found[1]) if found else None

    def between_steps(self, state: Callable[[], State]) -> bool:
        """Keep the state if it is time, and say whether Ctrl-C was pressed; after SIGTERM raise Terminated."""
        self.within_evaluation(state)
        began = self.clock()
        if self.keeper and began >= self.due:
            try:
                self._keep(self.keeper, state)
            except FolderError as error:  # a disk may have room again before the run ends
                self._say_once(f"No checkpoint could be written, training goes on: {error}")
            self.due = self.clock() + max(self.every, (self.clock() - began) / SHARE)
        return self.interrupted.is_set()

    def within_evaluation(self, state: Callable[[], State]) -> None:
        """After SIGTERM keep the state and raise Terminated; where it can't be kept, end the run as Ctrl-C does."""
        if self.keeper and self.terminated.is_set() and not self.unkept:
            try:
                self._keep(self.keeper, state)
            except FolderError as error:
                self._say_once(f"No checkpoint could be written, the best model so far is saved: {error}")
                self.unkept = True
                self.interrupted.set()
                return
            raise Terminated("the run's state is kept. Go on with the same command and --resume.")

    def _say_once(self, message: str) -> None:
        if message != self.said:
            self.say(message)
        self.said = message

    def _keep(self, keeper: CheckpointStore, state: Callable[[], State]) -> None:
        position, arrays = state()
        keeper.keep(position.as_json(), arrays)


class _WithoutStates(Checkpoints):
    """Looked at by a run that begins from its start again when the command is resumed."""

    def within_evaluation(self, _: Callable[[], State]) -> None:
        """After SIGTERM raise Terminated."""
        if self.terminated.is_set():
            raise Terminated("Continue with the same command and --resume.")
