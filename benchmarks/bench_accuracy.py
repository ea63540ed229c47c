"""All labelled data sets → accuracy, time and words/s of every network of ours and of rivals, with intervals.

Reads ../shared/data beside the project (see its README). Rivals are trained as their tutorials write them
(benchmarks/tutorials). Each run is a process of its own, of one thread, cut off after `--limit` processor seconds. What
was measured is kept in build/accuracy.jsonl, so that the table can be made in pieces, and gone on with after Ctrl-C;
`--again` measures anew. Rivals that aren't installed are left out, and told so; the extra `bench` has all.

    python -m benchmarks.bench_accuracy --data trec --minutes 30        what isn't kept yet, for half an hour
    python -m benchmarks.bench_accuracy --report --write                benchmarks/results.md and results.svg
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import product

from benchmarks.accuracy_picture import drawn
from benchmarks.accuracy_records import Key, Record, keep, kept
from benchmarks.accuracy_report import report
from benchmarks.accuracy_results import results
from benchmarks.accuracy_run import run
from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.judged_models import MODELS
from benchmarks.judged_texts import fold_numbers, in_folds
from unrolled.reports.charts.svg import picture

RESULTS, PICTURE = FOLDER / "results.md", FOLDER / "results.svg"
DATA = ("trec", "sst2", "mr", "sms_spam", "ag_news", "imdb")  # first those that take the least time
SEEDS, SEEDS_OF_FOLDS = 3, 1


def wanted(chosen: argparse.Namespace) -> Iterator[Key]:
    """List the runs: every model once before any a second time."""
    for data in chosen.data:
        seeds = chosen.seeds or (SEEDS_OF_FOLDS if in_folds(data) else SEEDS)
        for seed, fold, name in product(range(seeds), fold_numbers(data), chosen.models):
            if seed == 0 or MODELS[name].by_chance:
                yield data, name, seed, fold


def measure(chosen: argparse.Namespace, known: dict[Key, Record]) -> None:
    """Measure what isn't known yet, and keep it."""
    absent = {name: [one for one in MODELS[name].imports if not find_spec(one)] for name in chosen.models}
    for name, packages in absent.items():
        if packages:
            print(f"left out: {name}, for want of {', '.join(packages)}", flush=True)
    began = time.monotonic()
    for key in wanted(chosen):
        if absent[key[1]] or (key in known and not chosen.again):
            continue
        if time.monotonic() - began > 60 * chosen.minutes:
            print("The time is over: the other runs are not begun.", flush=True)
            return
        record = known[key] = run(key, chosen.limit)
        keep(record)
        print(*key, _told(record), sep=" | ", flush=True)


def _told(record: Record) -> str:
    """Say in a line what came of a run."""
    if not record.answers:
        return record.failed
    more = ", cut off" if record.answers.cut_off else ""
    return f"{100 * record.answers.accuracy:.2f} %, {record.answers.processor_seconds:.1f} processor s{more}"


def main() -> None:
    """Measure, and print or write what there is of all data sets."""
    parser = command_line(__doc__, RESULTS, PICTURE)
    parser.add_argument("--data", nargs="+", choices=DATA, default=list(DATA))
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS), metavar="MODEL")
    parser.add_argument("--seeds", type=int, help=f"default: {SEEDS}, by folds {SEEDS_OF_FOLDS}")
    parser.add_argument("--limit", type=float, default=900, help="processor seconds that a run may take")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no run after so many")
    parser.add_argument("--again", action="store_true", help="measure anew what was measured before")
    parser.add_argument("--report", action="store_true", help="measure nothing, lay out what was measured")
    chosen = parser.parse_args()
    known, passed_over = kept()
    if not chosen.report:
        measure(chosen, known)
    found = {data: results(data, known) for data in DATA}
    tell(report(found, list(known.values()), passed_over), RESULTS, write=chosen.write)
    if chosen.write:
        PICTURE.write_text(picture(drawn(found), styled=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
