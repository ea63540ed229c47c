"""From texts on disk to labels on disk: `unrolled predict` beside fastText, scikit-learn, spaCy, ONNX Runtime and torch.

Each contestant is a process, from its start to its end, that labels the same texts: ours a CSV file with a header to JSON
Lines with probabilities, the others one text a line to one label a line (benchmarks/label_a_file.py). All by turns, the
files in the machine's cache. Beside the seconds of the clock stand those of the processor, which other processes disturb
less; "less the start" takes off what the same process needs for one text. A contestant that takes `--patience` seconds
runs once. Whoever isn't installed is left out.
From the project's root: python -m benchmarks.bench_files
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from benchmarks import models_to_compare
from benchmarks.models_to_compare import MAKERS, OURS
from benchmarks.real_texts import ROOT, read
from benchmarks.side_by_side import by_turns, machine, ratio, table, told_ratio
from benchmarks.where_time_goes import STAGES

RESULTS = ROOT / "benchmarks" / "prediction_of_files.md"
TESTED = {"mr": "train", "ag_news": "test", "imdb": "test"}  # mr has one part
SCRIPTS = {"onnx, cnn": "onnx_cnn", "torch, lstm packed": "torch_packed", "torch, lstm padded": "torch_padded"}
ASKED = {
    **{(ours, "fasttext"): 1.0 for ours in ("average", "ngrams", "cnn")},
    ("ngrams", "fasttext, bigrams"): 1.0,
    **{("lstm", rival): 5.0 for rival in SCRIPTS if "lstm" in rival},
    ("cnn", "onnx, cnn"): None,
    ("average", "sklearn"): None,
    ("average", "spacy, bow"): None,
    ("cnn", "spacy, ensemble"): None,
}
PREDICT = ("-m", "unrolled", "predict")


@dataclass
class Contestant:
    """A process that labels a file, and the processor's seconds of each run."""

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
    """Seconds of the clock and of the processor, run by run, of the whole file and of one text."""

    clock: list[float]
    processor: list[float]
    start: list[float]

    @property
    def less_the_start(self) -> list[float]:
        """The processor's seconds but for what one text takes."""
        return [seconds - statistics.median(self.start) for seconds in self.processor]


def files(folder: Path, name: str, count: int | None) -> tuple[dict[str, str], int]:
    """Write the texts to label, and one of them, as CSV and as lines → their paths, and how many texts."""
    texts, _ = read(name, TESTED[name])
    paths = {}
    for kind, some in (("all", texts[:count]), ("one", texts[:1])):
        for suffix in ("csv", "txt"):
            paths[f"{kind}.{suffix}"] = str(folder / f"{kind}.{suffix}")
        with open(paths[f"{kind}.csv"], "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["text"], *([text] for text in some)])
        Path(paths[f"{kind}.txt"]).write_text("".join(" ".join(text.split()) + "\n" for text in some), encoding="utf-8")
    return paths, len(texts[:count])


def contestants(folder: Path, name: str, threads: int) -> dict[str, list[str]]:
    """Make all models → the words of each contestant's command, in which FILE stands for the file's path."""
    texts, labels = read(name, "train")
    labels = [label.replace(" ", "_") for label in labels]  # fastText's end at a space
    answers, found = str(folder / "answers"), {}
    for encoder, model in models_to_compare.ours(folder, texts, labels).items():
        found[encoder] = [*PREDICT, str(model), "FILE.csv", "-o", answers, "--force", "--threads", str(threads)]
    for package, make in MAKERS.items():
        for rival, model in (make(folder, texts, labels) if find_spec(package) else {}).items():
            script = SCRIPTS.get(rival, package)
            found[rival] = ["-m", "benchmarks.label_a_file", script, str(model), "FILE.txt", answers, str(threads)]
    return found


def measure(commands: Mapping[str, Sequence[str]], paths: Mapping[str, str], rounds: int, patience: float) -> dict[str, Taken]:
    """Run all by turns, on all texts and on one."""

    def on(kind: str, some: Sequence[str]) -> dict[str, Contestant]:
        return {who: Contestant([paths.get(word.replace("FILE", kind), word) for word in commands[who]]) for who in some}

    whole, start = on("all", [*commands]), on("one", [*commands])
    by_turns({who: [one.run] for who, one in start.items()}, 1)  # files come into the cache
    starts = by_turns({who: [one.run] for who, one in start.items()}, rounds)
    clock = by_turns({who: [one.run] for who, one in whole.items()}, 1)
    slow = [who for who, seconds in clock.items() if seconds[0] > patience]
    clock |= by_turns({who: [one.run] for who, one in whole.items() if who not in slow}, rounds)
    return {who: Taken(clock[who], whole[who].processor[-len(clock[who]) :], start[who].processor[-len(starts[who]) :]) for who in commands}


def where(commands: Mapping[str, Sequence[str]], path: str, rounds: int) -> list[list[str]]:
    """Ask where ours spend their time: the medians of some processes, in milliseconds."""
    rows = []
    for encoder in OURS:
        words = [sys.executable, "-m", "benchmarks.where_time_goes", commands[encoder][len(PREDICT)], path]
        told = [json.loads(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout) for _ in range(rounds)]
        middle = {stage: 1000 * statistics.median(one[stage] for one in told) for stage in STAGES}
        rows.append([encoder, *(f"{middle[stage]:.0f}" for stage in STAGES), f"{sum(middle.values()):.0f}"])
    return rows


def section(name: str, count: int, taken: Mapping[str, Taken], stages: list[list[str]]) -> str:
    """Lay out the tables of one data set."""
    told = []
    for who, own in taken.items():
        clock, processor, start = (statistics.median(seconds) for seconds in (own.clock, own.processor, own.start))
        without = statistics.median(own.less_the_start)
        told.append(
            [who, str(len(own.clock)), *(f"{seconds:.3f}" for seconds in (clock, processor, start)), f"{count / processor:,.0f}", f"{count / without:,.0f}"]
        )
    rows = []
    for (ours, rival), least in ASKED.items():
        if rival in taken:
            rows.append([ours, rival, *against(taken[rival], taken[ours]), f"{least:g}" if least else ""])
    return "\n\n".join(
        [
            f"## {name}, {count:,} texts",
            table(("who", "runs", "seconds", "of processor", "for one text", "texts/s of processor", "less the start"), told),
            table(("ours", "rival", "rival / ours", "of processor", "less the start", "asked for"), rows),
            "Where ours spend the processor's time, in milliseconds:",
            table(("encoder", *STAGES, "all"), stages),
        ]
    )


def against(rival: Taken, ours: Taken) -> list[str]:
    """Compare by the clock, by the processor, and by the processor less the start."""
    cells = []
    for theirs, own in ((rival.clock, ours.clock), (rival.processor, ours.processor), (rival.less_the_start, ours.less_the_start)):
        alike = len(theirs) == len(own)
        cells.append(told_ratio(theirs, own) if alike else f"{ratio(theirs[:1], [statistics.median(own)])[0]:.2f}")
    return cells


def header(chosen: argparse.Namespace) -> str:
    """Say where and how this was measured."""
    packages = [package for package in ("fasttext-numpy2-wheel", "scikit-learn", "spacy", "onnxruntime", "torch", "numpy")]
    present = [package for package in packages if find_spec({"fasttext-numpy2-wheel": "fasttext", "scikit-learn": "sklearn"}.get(package, package))]
    return (
        "# From texts on disk to labels on disk\n\n"
        f"Written by `python -m benchmarks.bench_files --write`. {machine(*present)}\n"
        f"Whole processes of {chosen.threads} thread(s) by turns, medians of {chosen.rounds} rounds; a ratio above 1 says "
        "that unrolled is so many times faster, in brackets the quartiles of the rounds.\nRuns of another than "
        f"{chosen.rounds} took too long to be repeated. Networks have first weights and all words of the training texts."
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", choices=TESTED, default=list(TESTED))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--texts", type=int, help="label only so many")
    parser.add_argument("--patience", type=float, default=30.0)
    parser.add_argument("--quick", action="store_true", help="3 rounds of mr alone")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.data = 3, ["mr"]
    return chosen


def main() -> None:
    """Measure, and print or write."""
    chosen = arguments()
    report = [header(chosen)]
    for name in chosen.data:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            paths, count = files(folder, name, chosen.texts)
            commands = contestants(folder, name, chosen.threads)
            taken = measure(commands, paths, chosen.rounds, chosen.patience)
            report.append(section(name, count, taken, where(commands, paths["all.csv"], chosen.rounds)))
            print(report[-1], flush=True)
    if chosen.write:
        RESULTS.write_text("\n\n".join(report) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
