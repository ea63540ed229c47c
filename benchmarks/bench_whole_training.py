"""mr, ag_news and imdb → seconds that rivals need for their dev accuracy, and ours for one at least as high.

A rival is trained as its tutorial writes it (benchmarks/tutorials), to its end or for `--limit` seconds of its threads'
work. The moment at which its best dev accuracy was first reached counts, from texts in memory. Ours of the same kind
then runs with its defaults until it reaches that accuracy; it has the same limit. All judge the same dev texts: a
tenth, split off by seed 0. Each run is a process of its own, of `--threads` threads, 2 at most, whosever it is.

Beside an environment with `unrolled[train]` rivals need: keras (Keras 3, on torch), spacy. Those that aren't installed
are left out, and told so. What was measured is kept in build/whole_training.jsonl, so that the work can be done in
pieces; `--again` measures anew. From the project's root: python -m benchmarks.bench_whole_training --write
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from typing import Any

from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.real_texts import PARTS, ROOT, TUNED_ON
from benchmarks.side_by_side import machine, table
from benchmarks.tutorials.kinds import RIVALS, Rival

RESULTS = FOLDER / "whole_training.md"
KEPT = ROOT / "build" / "whole_training.jsonl"
OURS = "ours"
COLUMNS = (
    *("texts", "threads", "rival", "its dev accuracy, %", "after, s", "processor, s"),
    *("ours", "as high after, s", "processor, s", "ratio", "of processor"),
)
CLOCKS = ("seconds", "processor_seconds")
PATIENCE = 6  # times the limit that a process is waited for: others may be at work
Point = dict[str, float]


@dataclass(frozen=True)
class Run:
    """What one process told: its curve, and whether it was cut off."""

    curve: list[Point]
    cut_off: bool

    @property
    def best(self) -> Point:
        """Give the moment at which the best accuracy was first reached."""
        return max(self.curve, key=lambda point: (point["accuracy"], -point["seconds"]))


def run(module: str, kind: str, data: str, seed: int, threads: int, limit: float, target: float | None = None) -> Run:
    """Run a process and read its curve; if it doesn't end by itself, its curve is what it told until then."""
    command = [sys.executable, "-m", f"benchmarks.tutorials.{module}", data, kind, f"--seed={seed}"]
    command += [f"--threads={threads}", f"--limit={limit}", *([f"--target={target}"] if target is not None else [])]
    counts = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **counts}
    ) as process:
        try:
            out, _ = process.communicate(timeout=PATIENCE * limit + 120)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
    curve = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    if not curve or process.returncode > 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(curve, process.returncode < 0 or curve[-1]["processor_seconds"] > limit * threads)


def measure(name: str, rival: Rival, data: str, seed: int, threads: int, limit: float) -> dict[str, Any]:
    """Run a rival, then ours to the same accuracy → the record of both."""
    theirs = run(rival.module, rival.kind, data, seed, threads, limit)
    ours = run(OURS, rival.ours, data, seed, threads, limit, theirs.best["accuracy"])
    told = {"data": data, "rival": name, "threads": threads, "seed": seed, "limit": limit}
    return {**told, "theirs": vars(theirs), "ours": vars(ours)}


def kept() -> dict[tuple[str, str, int, int], dict[str, Any]]:
    """Read what was measured before; later lines stand for earlier ones."""
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    records = map(json.loads, lines)
    return {tuple(record[name] for name in ("data", "rival", "threads", "seed")): record for record in records}


def measured(chosen: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure what isn't kept yet, and keep it → all records that were asked for."""
    KEPT.parent.mkdir(exist_ok=True)
    found = {} if chosen.again else kept()
    wanted = list(product(chosen.data, chosen.rivals, chosen.threads, range(chosen.seeds)))
    for key in wanted:
        data, name, threads, seed = key
        if key in found or chosen.report:
            continue
        if absent := [package for package in RIVALS[name].packages if not find_spec(package)]:
            print(f"left out: {name}, for want of {', '.join(absent)}", flush=True)
            continue
        found[key] = measure(name, RIVALS[name], data, seed, threads, chosen.limit)
        with KEPT.open("a", encoding="utf-8") as file:
            file.write(json.dumps(found[key]) + "\n")
        print(*row([found[key]]), sep=" | ", flush=True)
    return [found[key] for key in wanted if key in found]


def row(records: Sequence[dict[str, Any]]) -> list[str]:
    """Lay out one rival on one data set: the means over its seeds."""
    theirs, ours, first = *([Run(**record[side]) for record in records] for side in ("theirs", "ours")), records[0]
    more = "> " if any(found.cut_off for found in theirs) else ""
    best = [found.best for found in theirs]
    told = [first["data"], str(first["threads"]), first["rival"], f"{mean(best, 'accuracy', 100):.2f}"]
    told += [f"{more}{mean(best, clock):.1f}" for clock in CLOCKS]
    return [*told, RIVALS[first["rival"]].ours, *compared(best, [found.best for found in ours])]


def compared(theirs: Sequence[Point], ours: Sequence[Point]) -> list[str]:
    """Tell our seconds and the ratios, or that we never came so far."""
    reached = all(own["accuracy"] >= best["accuracy"] for own, best in zip(ours, theirs, strict=True))
    if not reached:
        return [f"never: {mean(ours, 'accuracy', 100):.2f} % after {mean(ours, 'seconds'):.1f}", "", "", ""]
    ratios = [mean(theirs, clock) / mean(ours, clock) for clock in CLOCKS]
    return [*(f"{mean(ours, clock):.1f}" for clock in CLOCKS), *(f"{ratio:.1f}" for ratio in ratios)]


def mean(points: Sequence[Point], name: str, scale: float = 1) -> float:
    """Average one number of several points."""
    return scale * statistics.mean(point[name] for point in points)


def report(records: Sequence[dict[str, Any]]) -> str:
    """Say where and how this was measured, and lay all out."""
    groups: dict[tuple[str, int, str], list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault((record["data"], record["threads"], record["rival"]), []).append(record)
    limits = ", ".join(f"{limit:g}" for limit in sorted({record["limit"] for record in records}))
    packages = [package for package in ("torch", "keras", "spacy", "numpy") if find_spec(package)]
    return (
        "# Whole training beside Keras, spaCy and a plain torch script\n\nWritten by `python -m "
        f"benchmarks.bench_whole_training --write`. {machine(*packages)}\n"
        f"Means over {len({record['seed'] for record in records})} seed(s). Each rival ran directly before ours. Those "
        f"marked by > were cut off after {limits} processor seconds\nfor each thread: what they had reached by then "
        "counts. A ratio above 1 says that unrolled is so many times faster to the same dev accuracy.\nOther work on "
        "the machine stretches seconds; processor seconds, of all threads together, it hardly does.\nOf a rival that "
        "has learnt nothing yet (of two classes about 50 %) the ratio means nothing.\n\n"
        f"{table(COLUMNS, [row(group) for group in groups.values()])}\n"
    )


def main() -> None:
    """Measure, and print or write."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--data", nargs="+", choices=PARTS, default=TUNED_ON)
    parser.add_argument("--rivals", nargs="+", choices=RIVALS, default=list(RIVALS))
    parser.add_argument("--threads", nargs="+", type=int, choices=(1, 2), default=[2, 1])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--limit", type=float, default=300, help="seconds that every thread of a run may work")
    parser.add_argument("--again", action="store_true", help="measure anew what was measured before")
    parser.add_argument("--report", action="store_true", help="measure nothing, lay out what was measured")
    chosen = parser.parse_args()
    told = report(measured(chosen))
    tell(told, RESULTS, write=chosen.write)


if __name__ == "__main__":
    main()
