"""A generated file of gigabytes → the memory that `predict` and `train` take over it, and how long they need.

Texts are words drawn as unevenly as real ones, a tenth of them never seen before. Beside the peak of all memory stands
that of the process's own, which the system can't have back: mapped files aren't in it.
From the project's root: python -m benchmarks.bench_memory --gigabytes 2 --write
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.side_by_side import machine, table

RESULTS = FOLDER / "memory.md"
ROWS, LENGTH, COMMON = 2_000, 200, 30_000  # of a piece of the file, words of a text, words that come again
TRAIN = ("--max-epochs", "1", "--embedding-dim", "20")
COMMANDS = {
    "train, cnn": ("--encoder", "cnn", "--max-steps", "2000", "--max-features", "50000", *TRAIN),
    "train, ngrams by hogwild": ("--encoder", "ngrams", "--optimizer", "hogwild", *TRAIN),
}


def write(path: Path, size: int) -> int:
    """Write labelled texts up to a size in bytes → the number of rows."""
    random, rows = np.random.default_rng(0), 0
    with path.open("w", encoding="utf-8") as file:
        file.write("text,label\n")
        while file.tell() < size:
            ranks = np.exp(random.uniform(0, np.log(COMMON), (ROWS, LENGTH))).astype(np.int64)
            fresh = np.where(random.random(ranks.shape) < 0.001, rows + ranks, ranks)
            for text in fresh.tolist():
                file.write(f"{' '.join(f'word{rank}' for rank in text)},{('even', 'odd')[text[0] % 2]}\n")
            rows += ROWS
    return rows


@dataclass(frozen=True)
class Run:
    """Seconds, and peaks in MB: of all memory, and of the process's own."""

    seconds: float
    peak: int
    own: int


def watched(arguments: Sequence[str]) -> Run:
    """Run a command and look at its memory ten times a second."""
    code = "from unrolled.cli.app import main; main()"
    began, own, peak = time.perf_counter(), 0, 0
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        found = _status(process.pid)
        own, peak = max(own, found.get("RssAnon", 0)), max(peak, found.get("VmHWM", 0))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    return Run(time.perf_counter() - began, peak // 1024, own // 1024)


def _status(pid: int) -> dict[str, int]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    return {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "VmHWM"))}


def measure(folder: Path, gigabytes: Sequence[float]) -> list[list[str]]:
    """Run everything on files of each size; a cnn that was trained on the first of them predicts on all."""
    rows: list[list[str]] = []
    for size in gigabytes:
        data, first = folder / "data.csv", folder / "cnn"
        count = write(data, int(size * 2**30))
        runs = {}
        for name, options in COMMANDS.items():
            model = first if "cnn" in name and not rows else folder / "model"
            runs[name] = watched(["train", str(data), "-o", str(model), "--force", *options])
        runs["predict, cnn"] = watched(["predict", str(first), str(data), "-o", str(folder / "answers"), "--force"])
        for name, run in runs.items():
            rows.append([name, f"{size:g} GB", f"{count:,}", f"{run.seconds:.0f}", f"{run.own:,}", f"{run.peak:,}"])
            print(*rows[-1], flush=True)
    return rows


def main() -> None:
    """Measure, and print or write."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[0.125, 0.5, 2])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), chosen.gigabytes)
    columns = ("command", "file", "rows", "seconds", "own memory at most, MB", "all memory at most, MB")
    report = (
        "# Memory over large files\n\nWritten by `python -m benchmarks.bench_memory --write`. "
        f"{machine('torch', 'numpy')}\nAll memory has the mapped file in it, of which the system may take back what it "
        f"needs. Training keeps the\ndistinct words, of which these files have ever more, and some 50 bytes a text; "
        f"the same model predicts on all files.\n\n{table(columns, rows)}\n"
    )
    tell(report, RESULTS, write=chosen.write)


if __name__ == "__main__":
    main()
