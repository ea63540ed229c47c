"""Training files of ag_news and imdb → seconds and test accuracy of `ngrams --optimizer hogwild` beside fastText.

All start from a file on disk and end with a trained model, reading and vocabulary included, each in a process of its
own, by turns, one round for each seed. The texts are split into words beforehand, the same for all: lines of
`__label__x words` for fastText, CSV for ours, both in one order, drawn by chance: fastText reads a file from top to
bottom, and imdb's is sorted by class. fastText trains on all texts; ours splits its dev texts off them, judges them
after every epoch, and, as a command, writes the model and judges it once more. All read words and bigrams with two
threads. fastText sometimes dies ("Encountered NaN") at learning rates above its default; that is counted.

`defaults` are each one's own. `tuned` is what was best of a few: for fastText a higher rate and twice the epochs, for
ours four times the buckets (fastText has 2,000,000). Needs the extra `bench`.
From the project's root: python -m benchmarks.bench_hogwild --write
"""

from __future__ import annotations

import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.real_texts import ROOT, read
from benchmarks.side_by_side import machine, table
from unrolled import TextClassifier
from unrolled.text.tokens import words

RESULTS = FOLDER / "hogwild.md"
THREADS = 2
Options = dict[str, Any]
FASTTEXT: dict[str, dict[str, Options]] = {
    "ag_news": {"defaults": {}, "tuned": {"lr": 0.25, "epoch": 10}},
    "imdb": {"defaults": {}, "tuned": {"lr": 0.5, "epoch": 10}},
}
OURS: dict[str, Options] = {"defaults": {}, "tuned": {"buckets": 400_000}}
COLUMNS = ("training, s", "process, s", "processor, s", "test accuracy, %")
CONTESTS = (("defaults", "defaults"), ("tuned", "defaults"), ("tuned", "tuned"))  # fastText's settings, ours


@dataclass(frozen=True)
class Run:
    """Seconds of training, of the process, of its processors; test accuracy."""

    training: float
    process: float
    processor: float
    accuracy: float


Contestant = Callable[[int], Run | None]  # a seed → a run, or none where it died


def write_files(name: str, folder: Path) -> None:
    """Write both parts of a data set, split into words, in both formats."""
    for part in ("train", "test"):
        texts, labels = read(name, part)
        rows = [(" ".join(words(text)), label) for text, label in zip(texts, labels, strict=True)]
        random.Random(0).shuffle(rows)
        with (folder / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("text", "label"), *rows])
        lines = [f"__label__{label} {text}\n" for text, label in rows]
        (folder / f"{part}.txt").write_text("".join(lines), encoding="utf-8")


def in_python(library: str, folder: Path, options: Options, seed_name: str) -> Contestant:
    """Train in a Python process that judges by itself when the clocks have stopped."""
    suffix = "txt" if library == "fasttext" else "csv"
    files = [str(folder / f"{part}.{suffix}") for part in ("train", "test")]

    def run(seed: int) -> Run | None:
        given = json.dumps({**options, seed_name: seed})
        command = [sys.executable, "-m", "benchmarks.trained_from_file", library, *files, given]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        told = json.loads(done.stdout.splitlines()[-1])
        if "error" in told:
            return None
        return Run(told["seconds"], told["ended"] - began, told["processor_seconds"], told["accuracy"])

    return run


def as_command(folder: Path, options: Options) -> Contestant:
    """Train with `unrolled train`; the model that it wrote is judged when the clocks have stopped."""
    output = folder / "model"
    fixed = ["--encoder", "ngrams", "--optimizer", "hogwild", "--ngram-range", "1,2", "--threads", str(THREADS)]
    chosen = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]

    def run(seed: int) -> Run:
        command = [sys.executable, "-m", "unrolled", "train", str(folder / "train.csv"), "-o", str(output), "--force"]
        command += [*fixed, *chosen, "--seed", str(seed)]
        began, before = time.monotonic(), processor_seconds()
        subprocess.run(command, capture_output=True, check=True)
        process, processor = time.monotonic() - began, processor_seconds() - before
        training = json.loads((output / "training.json").read_text(encoding="utf-8"))
        return Run(training["seconds"], process, processor, judged(output, folder / "test.csv"))

    return run


def processor_seconds() -> float:
    """Sum what ended processes of this one have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def judged(model: Path, test: Path) -> float:
    """Measure a saved model's accuracy on the test texts."""
    with test.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return TextClassifier.from_pretrained(model).score([row["text"] for row in rows], [row["label"] for row in rows])


def contestants(name: str, folder: Path, size: int) -> dict[str, Contestant]:
    """Name all who train vectors of one size on a data set."""
    found: dict[str, Contestant] = {}
    for settings, options in FASTTEXT[name].items():
        own: Options = {"wordNgrams": 2, "dim": size, "thread": THREADS, **options}
        found[f"fastText, {settings}"] = in_python("fasttext", folder, own, "seed")
    for settings, options in OURS.items():
        found[f"unrolled train, {settings}"] = as_command(folder, {"embedding_dim": size, **options})
        own = {"ngram_range": (1, 2), "embedding_dim": size, "threads": THREADS, **options}
        found[f"unrolled in Python, {settings}"] = in_python("unrolled", folder, own, "random_state")
    return found


def compare(name: str, size: int, seeds: Sequence[int]) -> str:
    """Let all train by turns → the section of one data set and one size of vectors."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_files(name, folder)
        found: dict[str, list[Run | None]] = {}
        for seed in seeds:
            for who, run in contestants(name, folder, size).items():
                found.setdefault(who, []).append(run(seed))
                print(name, size, who, found[who][-1], flush=True)
    alive = {who: [run for run in runs if run] for who, runs in found.items()}
    cells = [[who, *row(alive[who], len(runs))] for who, runs in found.items()]
    first = table(("", *COLUMNS), cells)
    return f"## {name}, vectors of {size}\n\n{first}\n\n{table(*ratios(alive))}"


def row(runs: Sequence[Run], count: int) -> list[str]:
    """Average the runs that came to their end."""
    if not runs:
        return ["died each time", "", "", ""]
    spread = statistics.stdev(run.accuracy for run in runs) if len(runs) > 1 else 0.0
    died = f" (died {count - len(runs)} of {count} times)" if len(runs) < count else ""
    seconds = [f"{mean(runs, part):.2f}" for part in ("training", "process", "processor")]
    return [*seconds, f"{100 * mean(runs, 'accuracy'):.2f} ± {100 * spread:.2f}{died}"]


def ratios(alive: Mapping[str, Sequence[Run]]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Compare ours with fastText."""
    columns = (
        "fastText / unrolled",
        *(column.removesuffix(", s") for column in COLUMNS[:3]),
        "accuracy, ours less its",
    )
    lines = []
    for theirs, own in CONTESTS:
        for kind in ("train", "in Python"):
            slow, fast = alive[f"fastText, {theirs}"], alive[f"unrolled {kind}, {own}"]
            if slow and fast:
                told = [f"{mean(slow, part) / mean(fast, part):.1f}" for part in ("training", "process", "processor")]
                gained = 100 * (mean(fast, "accuracy") - mean(slow, "accuracy"))
                lines.append([f"{theirs} / {kind}, {own}", *told, f"{gained:+.2f}"])
    return columns, lines


def mean(runs: Sequence[Run], part: str) -> float:
    """Average one number of several runs."""
    return float(statistics.mean(getattr(run, part) for run in runs))


def main() -> None:
    """Measure, and print or write."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--data", nargs="+", choices=("ag_news", "imdb"), default=["ag_news", "imdb"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 10])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    chosen = parser.parse_args()
    parts = [compare(name, size, chosen.seeds) for name in chosen.data for size in chosen.sizes]
    head = (
        "# Hogwild beside fastText\n\nWritten by `python -m benchmarks.bench_hogwild --write`. "
        f"{machine('numpy', 'fasttext-numpy2-wheel')}\nMeans of {len(chosen.seeds)} seeds, by turns; from a file on "
        f"disk to a trained model, words and bigrams, {THREADS} threads. A ratio above 1\nsays that unrolled is so "
        "many times faster. `processor` are seconds of all threads together, which other work on the\nmachine hardly "
        "disturbs."
    )
    told = "\n\n".join([head, *parts]) + "\n"
    tell(told, RESULTS, write=chosen.write)


if __name__ == "__main__":
    main()
