"""Commands that label a file → the seconds of their processes, by turns, of the clock and of the processor."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.real_texts import ROOT
from benchmarks.side_by_side import by_turns, told_ratio


@dataclass
class Process:
    """The words of a command of Python, and the processor's seconds of each run."""

    words: Sequence[str]
    processor: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Run it to its end; what was compiled of Python's source is kept, as after an installation."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        subprocess.run([sys.executable, *self.words], cwd=ROOT, check=True, capture_output=True, env=kept)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


@dataclass(frozen=True)
class Taken:
    """Seconds of every run on the whole file, and the processor's for one text."""

    clock: list[float]
    processor: list[float]
    start: float

    @property
    def without_start(self) -> list[float]:
        """The processor's seconds but for what one text takes."""
        return [max(1e-3, seconds - self.start) for seconds in self.processor]


def take(
    commands: Mapping[str, Sequence[str]], paths: Mapping[str, str], rounds: int, patience: float
) -> dict[str, Taken]:
    """Run all on one text and on all texts, by turns; who takes longer than `patience` runs once.

    In a command FILE.csv stands for the path of `one.csv` or of `all.csv`.
    """

    def processes(kind: str) -> dict[str, Process]:
        named = {f"FILE.{path.partition('.')[2]}": where for path, where in paths.items() if path.startswith(kind)}
        return {who: Process([named.get(word, word) for word in words]) for who, words in commands.items()}

    one, whole = processes("one"), processes("all")
    by_turns({who: [process.run] for who, process in one.items()}, 1 + rounds)  # the first brings files to the cache
    clock = by_turns({who: [process.run] for who, process in whole.items()}, 1)
    quick = {who: [process.run] for who, process in whole.items() if clock[who][0] <= patience}
    clock |= by_turns(quick, rounds) if quick else {}
    return {
        who: Taken(seconds, whole[who].processor[-len(seconds) :], statistics.median(one[who].processor[1:]))
        for who, seconds in clock.items()
    }


def compared(rival: Taken, ours: Taken) -> list[str]:
    """Tell how many times ours is faster: by the clock, by the processor, and by it without the start."""
    pairs = (
        (rival.clock, ours.clock),
        (rival.processor, ours.processor),
        (rival.without_start, ours.without_start),
    )
    return [
        told_ratio(theirs, own) if len(theirs) == len(own) else f"{theirs[0] / statistics.median(own):.2f}"
        for theirs, own in pairs
    ]
