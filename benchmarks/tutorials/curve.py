"""A run in a process of its own → its learning curve, a JSON line for every judgement of the dev texts.

A line is {"seconds", "processor_seconds", "accuracy"}, counted from texts in memory: what a run does to its texts
counts, what Python imports does not. `processor_seconds` are those of all threads together. A run is cut off when its
threads have worked for `limit` seconds each; the dev texts are then judged as of that moment.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.real_texts import read
from unrolled.data.split import split_off

DEV, DEV_SEED = 0.1, 0


@dataclass(frozen=True)
class Task:
    """What a run is given; labels are numbers, places in `classes`."""

    kind: str
    texts: list[str]
    labels: NDArray[np.int64]
    dev_texts: list[str]
    dev_labels: NDArray[np.int64]
    classes: list[str]
    seed: int
    threads: int


class TimeIsUpError(Exception):
    """The run has come to its limit, or has reached what it was to reach."""


class Curve:
    """The clocks of a run, and what it has reached."""

    def __init__(self, limit: float, target: float | None) -> None:
        """Start the clocks; the run ends after `limit` processor seconds, or where it reaches a target."""
        self.limit, self.target = limit, target
        self.began, self.processor_began = time.perf_counter(), time.process_time()

    def now(self) -> tuple[float, float]:
        """Read both clocks."""
        return time.perf_counter() - self.began, time.process_time() - self.processor_began

    def go_on(self) -> None:
        """Raise TimeIsUpError at the limit; to be called at every step."""
        if self.now()[1] > self.limit:
            raise TimeIsUpError

    def note(self, accuracy: float, at: tuple[float, float] | None = None) -> None:
        """Tell an accuracy on the dev texts, reached now; TimeIsUpError if it is the target."""
        seconds, processor_seconds = at or self.now()
        told = {"seconds": seconds, "processor_seconds": processor_seconds, "accuracy": accuracy}
        print(json.dumps(told), flush=True)
        if self.target is not None and accuracy >= self.target:
            raise TimeIsUpError

    @contextmanager
    def limited(self, judge: Callable[[], float]) -> Iterator[None]:
        """Run a block, and where it is cut off by the limit, judge as of that moment."""
        try:
            yield
        except TimeIsUpError:
            at = self.now()
            self.note(judge(), at)


def given(arguments: argparse.Namespace) -> Task:
    """Read the texts and split the dev texts off, as `unrolled` does."""
    texts, names = read(arguments.data, "train")
    classes = sorted(set(names))
    labels = np.array([classes.index(name) for name in names])
    rows = split_off(texts, names, fraction=DEV, seed=DEV_SEED)
    parts = [([texts[row] for row in own], labels[own]) for own in rows]
    return Task(arguments.kind, *parts[0], *parts[1], classes, arguments.seed, arguments.threads)


def accuracy(predicted: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """Share of right answers."""
    return float(np.mean(predicted == labels))


def shuffled(count: int, size: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Draw an epoch's batches at random."""
    order = random.permutation(count)
    return (order[start : start + size] for start in range(0, count, size))


def main(kinds: Sequence[str], learn: Callable[[Task, Curve], None]) -> None:
    """Read the command line, start the clocks, and learn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("kind", choices=kinds)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=float, default=300.0)
    parser.add_argument("--target", type=float)
    arguments = parser.parse_args()
    task = given(arguments)
    learn(task, Curve(arguments.limit * arguments.threads, arguments.target))
