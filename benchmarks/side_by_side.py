"""Contestants → the seconds of each, taken by turns in one process, so that the machine's moods fall on all alike.

Only the ratios of one run mean something: across runs the same machine drifts by a third and more.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice

Turn = Callable[[], object]


def seconds_of(work: Turn) -> float:
    """Time one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def by_turns(contestants: Mapping[str, Sequence[Turn]], rounds: int) -> dict[str, list[float]]:
    """Time every contestant's calls, one for each batch → seconds of each round, all its batches together.

    Within a round all contestants take the first batch, then all the second; who begins changes from round to round.
    """
    names = list(contestants)
    taken: dict[str, list[float]] = {name: [] for name in names}
    with undisturbed():
        for number in range(rounds):
            start = number % len(names)
            order, total = names[start:] + names[:start], dict.fromkeys(names, 0.0)
            for batch in range(max(map(len, contestants.values()))):
                for name in order:
                    for work in islice(contestants[name], batch, batch + 1):
                        total[name] += seconds_of(work)
            for name in names:
                taken[name].append(total[name])
    return taken


def without_hopeless(contestants: Mapping[str, Sequence[Turn]], rivals: Sequence[str]) -> dict[str, Sequence[Turn]]:
    """Warm all up with two rounds, then drop rivals that took twice as long as the best of them."""
    first = by_turns(contestants, 2)
    best = min(min(first[name]) for name in rivals)
    return {name: turns for name, turns in contestants.items() if name not in rivals or min(first[name]) <= 2 * best}


@contextmanager
def undisturbed() -> Iterator[None]:
    """Collect garbage before the block and none within."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def ratio(slower: Sequence[float], faster: Sequence[float]) -> tuple[float, float, float]:
    """Compare by rounds: the ratio of the medians, and the quartiles of the rounds' ratios."""
    each = sorted(a / b for a, b in zip(slower, faster, strict=True))
    low, _, high = statistics.quantiles(each, n=4, method="inclusive") if len(each) > 1 else (each[0],) * 3
    return statistics.median(slower) / statistics.median(faster), low, high


def told_ratio(slower: Sequence[float], faster: Sequence[float]) -> str:
    """Write a ratio and its quartiles: 2.10 (2.05-2.16)."""
    middle, low, high = ratio(slower, faster)
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def machine(*packages: str) -> str:
    """Say where this was measured and with what."""
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return (
        f"Measured on {processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, {versions}."
    )


def processor() -> str:
    """Name the kind of processor and the widest vectors it has."""
    try:
        with open("/proc/cpuinfo", encoding="ascii") as file:
            pairs = (line.split(":", 1) for line in file if ":" in line)
            told = {name.strip(): value.strip() for name, value in pairs}
    except OSError:
        return platform.machine()
    vectors = [name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in told.get("flags", "")]
    return f"{told.get('model name', platform.machine())}, {', '.join(vectors[:1]) or 'no AVX2'}"
