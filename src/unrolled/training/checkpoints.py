"""A run between two steps → its position and arrays, saved when it is time or SIGTERM comes; and Ctrl-C."""

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

SHARE = 0.05  # of the time, at most, is spent on saving states


class CheckpointStore(Protocol):
    """Where states are saved, the last one at a time."""

    def save(self, position: Mapping[str, Any], arrays: Arrays) -> None:
        """Save a state in place of the one before, whole or not at all; raises FolderError."""

    def load(self, like: Arrays) -> tuple[Mapping[str, Any], Arrays] | None:
        """Return the state that an earlier run saved, its arrays of the names, shapes and dtypes of these."""


class Checkpoints:
    """Looked at by a run between its steps."""

    def __init__(
        self,
        store: CheckpointStore | None = None,
        *,
        every: float = math.inf,
        log: Callable[[str], Any] = lambda _: None,
        clock: Clock = monotonic,
    ) -> None:
        """Save a state after `every` seconds; without a store none is saved, and SIGTERM acts as usual."""
        self.store, self.every, self.log, self.clock = store, every, log, clock
        self.interrupted, self.terminated = threading.Event(), threading.Event()
        self.due = clock() + every
        self.until: ExitStack | None = None
        self.logged, self.unsaved = "", False

    @contextmanager
    def until_saved(self, left: str) -> Iterator[None]:
        """Save a run in the block even if SIGTERM comes at its end; then raise Terminated, with what is left."""
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
        """Catch Ctrl-C while the block runs, and SIGTERM if states are saved, until the run is saved."""
        with stop_requested() as self.interrupted, ExitStack() as own:
            if self.store:
                self.terminated = (self.until or own).enter_context(stop_requested(SIGTERM))
            yield
        if self.terminated.is_set() and not self.until:
            raise Terminated

    def load(self, like: Arrays) -> State | None:
        """Return the state to resume from, if there is one; raises FolderError where it can't be used."""
        found = self.store.load(like) if self.store else None
        return (TrainerState.from_json(found[0]), found[1]) if found else None

    def between_steps(self, state: Callable[[], State]) -> bool:
        """Save the state if it is time, and return whether Ctrl-C was pressed; after SIGTERM raise Terminated."""
        self.within_evaluation(state)
        began = self.clock()
        if self.store and began >= self.due:
            try:
                self._save(self.store, state)
            except FolderError as error:  # a disk may have room again before the run ends
                self._log_once(f"No checkpoint could be written, training goes on: {error}")
            self.due = self.clock() + max(self.every, (self.clock() - began) / SHARE)
        return self.interrupted.is_set()

    def within_evaluation(self, state: Callable[[], State]) -> None:
        """After SIGTERM save the state and raise Terminated; where it can't be saved, end the run as Ctrl-C does."""
        if self.store and self.terminated.is_set() and not self.unsaved:
            try:
                self._save(self.store, state)
            except FolderError as error:
                self._log_once(f"No checkpoint could be written, the best model so far is saved: {error}")
                self.unsaved = True
                self.interrupted.set()
                return
            raise Terminated("the run's state is kept. Go on with the same command and --resume.")

    def _log_once(self, message: str) -> None:
        if message != self.logged:
            self.log(message)
        self.logged = message

    def _save(self, store: CheckpointStore, state: Callable[[], State]) -> None:
        position, arrays = state()
        store.save(position.as_json(), arrays)


class _WithoutStates(Checkpoints):
    """Looked at by a run that begins from its start again when the command is resumed."""

    def within_evaluation(self, _: Callable[[], State]) -> None:
        """After SIGTERM raise Terminated."""
        if self.terminated.is_set():
            raise Terminated("Continue with the same command and --resume.")
