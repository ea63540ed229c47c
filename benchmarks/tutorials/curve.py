"""A run in a process of its own → its learning curve, a JSON line for every judgement of the dev texts.

A line is {"seconds", "processor_seconds", "accuracy"}, counted from texts in memory: what a run does to its texts
counts, what Python imports does not. `processor_seconds` are those of all threads together. A run is cut off when its
threads have worked for `limit` seconds each; the dev texts are then judged as of that moment.

With `--judge` it then labels the test texts, its best epoch kept if its tutorial keeps it, and tells a last line of
`benchmarks.tutorials.answers`; what is done after training doesn't count as training.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.judged_texts import Texts, classes, part, train_and_test
from benchmarks.real_texts import PARTS
from benchmarks.tutorials.answers import Answers, packed, words_of

DEV_SEED = 0
SPARE = 600.0  # processor seconds beyond the limit for imports, saving and labelling; then the process is ended
LEAST = 0.5  # processor seconds of labelling: clocks are coarse

Predict = Callable[[list[str]], NDArray[np.int64]]  # texts → numbers of their classes


@dataclass(frozen=True)
class Task:
    """What a run is given; labels are numbers, places in `classes`.

    `whole` is all that there is to train on: texts and the dev texts, if these were split off them.
    """

    data: str
    kind: str
    texts: list[str]
    labels: NDArray[np.int64]
    dev_texts: list[str]
    dev_labels: NDArray[np.int64]
    classes: list[str]
    seed: int
    threads: int
    whole: Texts
    test: Texts | None = field(repr=False)


class TimeIsUpError(Exception):
    """The run has come to its limit, or has reached what it was to reach."""


class Curve:
    """The clocks of a run, and what it has reached."""

    def __init__(self, limit: float, target: float | None) -> None:
        """Start the clocks; the run ends after `limit` processor seconds, or where it reaches a target."""
        self.limit, self.target = limit, target
        self.ended: tuple[float, float] | None = None
        self.began, self.processor_began = time.perf_counter(), time.process_time()

    def now(self) -> tuple[float, float]:
        """Read both clocks."""
        return time.perf_counter() - self.began, time.process_time() - self.processor_began

    def go_on(self) -> None:
        """Raise TimeIsUpError at the limit; to be called at every step."""
        if self.is_over():
            raise TimeIsUpError

    def is_over(self) -> bool:
        """Say whether the limit is reached."""
        return self.now()[1] > self.limit

    def note(self, accuracy: float, at: tuple[float, float] | None = None) -> None:
        """Tell an accuracy on the dev texts, reached now; TimeIsUpError if it is the target."""
        seconds, processor_seconds = at or self.now()
        told = {"seconds": seconds, "processor_seconds": processor_seconds, "accuracy": accuracy}
        print(json.dumps(told), flush=True)
        if self.target is not None and accuracy >= self.target:
            raise TimeIsUpError

    @contextmanager
    def limited(self, judge: Callable[[], float] | None = None) -> Iterator[None]:
        """Run a block, and where it is cut off by the limit, judge as of that moment, if there is how."""
        try:
            yield
        except TimeIsUpError:
            self.cut_off()
            if judge:
                self.note(judge(), self.ended)

    def cut_off(self) -> None:
        """Stop the clocks at the limit."""
        self.ended = self.now()

    def answer(self, task: Task, predict: Predict, texts: Sequence[str], passes: float) -> None:
        """Stop the clocks of a training that read texts so many times, and tell what it says of the test texts.

        To be called where training has ended; does nothing where no test texts are wanted.
        """
        if task.test is None:
            return
        cut_off, (seconds, processor_seconds) = self.ended is not None, self.ended or self.now()
        answers, labelling_seconds = labelled(task.test.texts, predict)
        if answers.shape != task.test.labels.shape:
            raise ValueError(f"expected {len(task.test)} answers, received {answers.shape}")
        told = Answers(
            answers=packed(answers),
            accuracy=accuracy(answers, task.test.labels),
            seconds=seconds,
            processor_seconds=processor_seconds,
            words=passes * words_of(texts),
            labelling_seconds=labelling_seconds,
            test_words=words_of(task.test.texts),
            cut_off=cut_off,
        )
        print(told.line(), flush=True)


def labelled(texts: list[str], predict: Predict) -> tuple[NDArray[np.int64], float]:
    """Label texts, again and again until that can be timed → the answers, processor seconds of once on average."""
    began, times, answers = time.process_time(), 0, np.zeros(0, np.int64)
    while not times or time.process_time() - began < LEAST:
        answers, times = np.asarray(predict(texts)), times + 1
    return answers, (time.process_time() - began) / times


def given(arguments: argparse.Namespace) -> Task:
    """Read the texts and split the dev texts off, as `unrolled` does."""
    data, test = arguments.data, None
    whole, seed, own_dev = part(data, "train"), DEV_SEED, False
    if arguments.judge:
        whole, test = train_and_test(data, arguments.fold)
        seed, own_dev = arguments.seed, "dev" in PARTS[data]
    texts, dev = (whole, part(data, "dev")) if own_dev else whole.split(classes(data), seed)
    parts = (texts.texts, texts.labels, dev.texts, dev.labels, classes(data))
    return Task(data, arguments.kind, *parts, arguments.seed, arguments.threads, whole, test)


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
    parser.add_argument("--judge", action="store_true", help="label the test texts when trained")
    parser.add_argument("--fold", type=int, help="test on this fold and train on the others")
    arguments = parser.parse_args()
    task, limit = given(arguments), arguments.limit * arguments.threads
    if arguments.judge:  # what cannot be cut off between steps is ended by the system
        most = round(time.process_time() + limit + SPARE * arguments.threads)
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    learn(task, Curve(limit, arguments.target))
