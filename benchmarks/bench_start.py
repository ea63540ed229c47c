"""One text of 60 words → from process start to its answer, and peak memory, beside importing numpy, torch, onnxruntime.

Every contestant is a process of its own, all by turns; the models know 20,000 words and have all defaults. torch and
onnxruntime take part where they are installed: their import is the least that any answer of theirs would take.
From the project's root: python -m benchmarks.bench_start
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks.command_line import command_line
from benchmarks.side_by_side import by_turns, machine, table, told_ratio
from unrolled.model.registry import encoder_options
from unrolled.model.weights import initialize
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import UNKNOWN, Vocabulary

WORDS = 20_000
TEXT = " ".join(f"word{number * 331}" for number in range(60))
FLOOR = "import numpy"
PREDICT = "import sys; sys.argv[1:] = ['predict', {folder!r}]; from unrolled.cli.app import main; main()"
# ru_maxrss would count what the process was before it became Python; VmHWM doesn't.
WITH_PEAK = """
import sys
try:
    exec(sys.argv.pop(1))
finally:
    with open("/proc/self/status") as status:
        print(*(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def save(folder: Path, encoder: str, embedding_dim: int) -> Path:
    """Save a model that has learnt nothing."""
    options = {name: option.default for name, option in encoder_options(encoder).items()}
    config = Config(encoder, options, TextConfig(embedding_dim=embedding_dim), ("bad", "good"))
    vocabulary = Vocabulary([UNKNOWN, *(f"word{number}" for number in range(1, WORDS))])
    saved_model.save(folder, TextModel(config, vocabulary, initialize(config.network(WORDS).weights(), 0)), {})
    return folder


def contestants(folder: Path) -> dict[str, str]:
    """Name each contestant and give the code of its process."""
    codes = {"python alone": "pass", FLOOR: FLOOR}
    for encoder in ("lstm", "cnn"):
        for size in (100, 300):
            name = f"predict, {encoder}, vectors of {size}"
            codes[name] = PREDICT.format(folder=str(save(folder / f"{encoder}-{size}", encoder, size)))
    return codes | {f"import {name}": f"import {name}" for name in ("torch", "onnxruntime") if find_spec(name)}


def answer(code: str) -> None:
    """Run a process from its start to its end."""
    subprocess.run([sys.executable, "-c", code], input=TEXT, text=True, stdout=subprocess.DEVNULL, check=True)


def peak(code: str) -> float:
    """Measure the most memory that a process has, in MB."""
    command = [sys.executable, "-c", WITH_PEAK, code]
    done = subprocess.run(command, input=TEXT, text=True, capture_output=True, check=True)
    return int(done.stderr.split()[-1]) / 1024


def main() -> None:
    """Measure and print."""
    parser = command_line(__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        codes = contestants(Path(folder))
        peaks = {name: peak(code) for name, code in codes.items()}  # and all files are in the cache
        taken = by_turns({name: [partial(answer, code)] for name, code in codes.items()}, chosen.rounds)
    rows = [
        [name, f"{statistics.median(times):.3f}", told_ratio(times, taken[FLOOR]), f"{peaks[name]:.0f}"]
        for name, times in taken.items()
    ]
    print(
        f"{machine('numpy', 'typer')}\nMedians of {chosen.rounds} rounds by turns; in brackets the rounds' quartiles.\n"
    )
    print(table(("process", "seconds", f"beside `{FLOOR}`", "peak, MB"), rows))


if __name__ == "__main__":
    main()
