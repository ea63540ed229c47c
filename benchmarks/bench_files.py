"""From texts on disk to labels on disk: `unrolled predict` beside fastText, scikit-learn, spaCy, ONNX Runtime, torch.

Each contestant is a process, from its start to its end, that labels the same texts: ours a CSV file with a header to
JSON Lines with probabilities, the others one text a line to one label a line (benchmarks/label_a_file.py). All by
turns, the files in the machine's cache. Beside the clock's seconds stand the processor's, which other processes disturb
less; "without start" takes off what the same process needs for one text. Who isn't installed is left out.
From the project's root: python -m benchmarks.bench_files
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks import models_to_compare
from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.models_to_compare import MAKERS, OURS
from benchmarks.processes import Taken, compared, take
from benchmarks.real_texts import ROOT, read
from benchmarks.side_by_side import machine, table
from benchmarks.where_time_goes import STAGES

RESULTS = FOLDER / "prediction_of_files.md"
TESTED = {"mr": "train", "ag_news": "test", "imdb": "test"}  # mr has one part
SCRIPTS = {"onnx, cnn": "onnx_cnn", "torch, lstm packed": "torch_packed", "torch, lstm padded": "torch_padded"}
PACKAGES = {"fasttext": "fasttext-numpy2-wheel", "sklearn": "scikit-learn", "spacy": "spacy"}
PAIRS: Mapping[tuple[str, str], float | None] = {  # ours and a rival → how many times faster is asked for
    ("average", "fasttext"): 1.0,
    ("ngrams", "fasttext"): 1.0,
    ("ngrams", "fasttext, bigrams"): 1.0,
    ("cnn", "fasttext"): 1.0,
    ("lstm", "torch, lstm packed"): 5.0,
    ("lstm", "torch, lstm padded"): 5.0,
    ("cnn", "onnx, cnn"): None,
    ("average", "sklearn"): None,
    ("average", "spacy, bow"): None,
    ("cnn", "spacy, ensemble"): None,
}
PREDICT = ("-m", "unrolled", "predict")
COLUMNS = ("who", "runs", "seconds", "of processor", "for one text", "texts/s of processor", "without start")
RATIOS = ("ours", "rival", "rival / ours", "of processor", "without start", "asked for")


def files(folder: Path, name: str, count: int | None) -> tuple[dict[str, str], int]:
    """Write the texts to label, and one of them, as CSV and as lines → their paths, and how many texts."""
    texts, paths = read(name, TESTED[name])[0][:count], {}
    for kind, some in (("all", texts), ("one", texts[:1])):
        for suffix in ("csv", "txt"):
            paths[f"{kind}.{suffix}"] = str(folder / f"{kind}.{suffix}")
        with open(paths[f"{kind}.csv"], "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["text"], *([text] for text in some)])
        with open(paths[f"{kind}.txt"], "w", encoding="utf-8") as file:
            file.writelines(" ".join(text.split()) + "\n" for text in some)
    return paths, len(texts)


def contestants(folder: Path, name: str, threads: int) -> dict[str, list[str]]:
    """Make all models → each contestant's command."""
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


def where(commands: Mapping[str, Sequence[str]], path: str, rounds: int) -> list[list[str]]:
    """Ask where ours spend their time: the medians of some processes, in milliseconds."""
    rows = []
    for encoder in OURS:
        words = [sys.executable, "-m", "benchmarks.where_time_goes", commands[encoder][len(PREDICT)], path]
        done = [subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout for _ in range(rounds)]
        told = [json.loads(line) for line in done]
        middle = {stage: 1000 * statistics.median(one[stage] for one in told) for stage in STAGES}
        rows.append([encoder, *(f"{middle[stage]:.0f}" for stage in STAGES), f"{sum(middle.values()):.0f}"])
    return rows


def section(name: str, count: int, taken: Mapping[str, Taken], stages: list[list[str]]) -> str:
    """Lay out the tables of one data set."""
    seconds = []
    for who, own in taken.items():
        clock, processor, without = map(statistics.median, (own.clock, own.processor, own.without_start))
        times = [f"{clock:.3f}", f"{processor:.3f}", f"{own.start:.3f}"]
        seconds.append([who, str(len(own.clock)), *times, f"{count / processor:,.0f}", f"{count / without:,.0f}"])
    ratios = [
        [ours, rival, *compared(taken[rival], taken[ours]), f"{least:g}" if least else ""]
        for (ours, rival), least in PAIRS.items()
        if rival in taken
    ]
    parts = [f"## {name}, {count:,} texts", table(COLUMNS, seconds), table(RATIOS, ratios)]
    parts += ["Where ours spend the processor's time, in milliseconds:", table(("encoder", *STAGES, "all"), stages)]
    return "\n\n".join(parts)


def header(chosen: argparse.Namespace) -> str:
    """Say where and how this was measured."""
    present = [package for module, package in PACKAGES.items() if find_spec(module)]
    threads = "one thread" if chosen.threads == 1 else f"{chosen.threads} threads"
    return (
        "# From texts on disk to labels on disk\n\n"
        f"Written by `python -m benchmarks.bench_files --write`. {machine(*present, 'onnxruntime', 'torch', 'numpy')}\n"
        f"Whole processes of {threads} by turns, medians of {chosen.rounds} rounds; a ratio above 1 says that unrolled "
        f"is so many times faster,\nin brackets the quartiles of the rounds. Who took {chosen.patience:g} s ran once. "
        "Networks have first weights and all words of the training texts."
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--data", nargs="+", choices=TESTED, default=list(TESTED))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--texts", type=int, help="label only so many")
    parser.add_argument("--patience", type=float, default=20.0, help="seconds after which a contestant runs once")
    parser.add_argument("--quick", action="store_true", help="3 rounds of mr alone")
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
            paths, count = files(Path(temporary), name, chosen.texts)
            commands = contestants(Path(temporary), name, chosen.threads)
            taken = take(commands, paths, chosen.rounds, chosen.patience)
            report.append(section(name, count, taken, where(commands, paths["all.csv"], chosen.rounds)))
            print(report[-1], flush=True)
    tell("\n\n".join(report) + "\n", RESULTS, write=chosen.write)


if __name__ == "__main__":
    main()
