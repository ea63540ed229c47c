"""Real batches of mr and imdb → a training step of ours on a GPU, beside torch's there and beside ours on the CPU.

All contestants take the same batches, by turns in one process; a turn begins with the batch on the CPU and ends when
the GPU has finished. torch has its defaults: fused AdamW, and factors in its recurrent kernels rounded to 11 bits; ours
keep all. "gru" is the lecture's, which torch lacks: there ours is the plain arithmetic, and torch's another network.
From the project's root: python -m benchmarks.bench_gpu
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import product

import torch

from benchmarks.bench_training import WORDS, Device, batches_for, our_state, our_step
from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.contestants import CONTESTS, LAST, SIZES, Contest, Size
from benchmarks.real_texts import Batch, classes
from benchmarks.side_by_side import Turn, by_turns, machine, table, told_ratio, without_hopeless
from benchmarks.torch_networks import TorchBatch, Training
from unrolled.kernels import gpu
from unrolled.kernels.compiled import library
from unrolled.training.threads import threads

RESULTS = FOLDER / "gpu.md"
HERE, CPU = "unrolled on the GPU", "unrolled on the CPU"
ENCODERS = {**CONTESTS, "gru, reset after": Contest("gru", {}, {"reset": "after", **LAST})}
COLUMNS = (
    "encoder",
    "texts",
    "torch on the GPU, ms",
    "unrolled on the GPU, ms",
    "ratio (quartiles)",
    "unrolled on the CPU, ms",
    "ratio (quartiles)",
    "arithmetic on the GPU",
)


def finished(turn: Turn, wait: Callable[[], object]) -> Turn:
    """Make a turn that also waits for the GPU."""

    def run() -> None:
        turn()
        wait()

    return run


def their_step(theirs: Training, batch: TorchBatch, variant: str, device: Device) -> Turn:
    """Make one training step of torch's, which begins with the batch on the CPU."""
    return lambda: theirs.step(batch.on(device), variant)


def contestants(
    contest: Contest, size: Size, name: str, chosen: argparse.Namespace, device: Device, wait: Callable[[], object]
) -> dict[str, list[Turn]]:
    """Set up a step of ours on both, and of torch on the GPU in every variant."""
    network = contest.ours(size, WORDS, classes(name))
    found: list[Batch] = batches_for(contest, size, name, WORDS, chosen.batches)
    on_gpu, on_cpu = (our_state(network, chosen.threads, where) for where in (device, "cpu"))
    theirs = Training(contest.torch(size, network.rows, classes(name)).to(device))
    rivals = {
        variant: [finished(their_step(theirs, TorchBatch.of(batch), variant, device), wait) for batch in found]
        for variant in theirs.network.variants()
    }
    ours = [finished(our_step(on_gpu, batch), wait) for batch in found]
    return {HERE: ours, CPU: [our_step(on_cpu, batch) for batch in found], **rivals}


def judged(turns: Mapping[str, Sequence[Turn]], rounds: int) -> list[str]:
    """Measure → the cells of a row: milliseconds a batch, and how many times faster ours is on the GPU."""
    rivals = [name for name in turns if name not in (HERE, CPU)]
    gpu.USED.clear()
    taken = by_turns(without_hopeless(turns, rivals), rounds)
    better = min((name for name in rivals if name in taken), key=lambda name: statistics.median(taken[name]))
    theirs, ours, on_cpu = (
        f"{1000 * statistics.median(taken[name]) / len(turns[HERE]):.2f}" for name in (better, HERE, CPU)
    )
    beside_torch, beside_cpu = (told_ratio(taken[name], taken[HERE]) for name in (better, CPU))
    return [f"{theirs} ({better})", ours, beside_torch, on_cpu, beside_cpu, library.backends_used()]


def measure(size_name: str, chosen: argparse.Namespace, device: Device, wait: Callable[[], object]) -> str:
    """Measure one size of everything → its section."""
    size, rows = SIZES[size_name], []
    for encoder, name in product(chosen.encoders, chosen.data):
        with threads(chosen.threads):
            turns = contestants(ENCODERS[encoder], size, name, chosen, device, wait)
            rows.append([encoder, name, *judged(turns, chosen.rounds)])
        print(size_name, *rows[-1], file=sys.stderr, flush=True)
    title = f"## Batches of {size.batch_size}, word vectors of {size.embedding_dim} ({size_name})"
    return f"{title}\n\n{table(COLUMNS, rows)}"


def header(chosen: argparse.Namespace) -> str:
    """Say where and how this was measured."""
    return (
        "# Training on a GPU\n\nWritten by `python -m benchmarks.bench_gpu --write`. "
        f"{machine('torch', 'numpy')}\nThe GPU: {torch.cuda.get_device_name()}. Medians of {chosen.rounds} rounds over "
        f"the same {chosen.batches} batches, by turns in one process; milliseconds are those of a batch.\nOurs on the "
        f"CPU has {chosen.threads} thread(s). A ratio above 1 says that ours on the GPU is so many times faster; in "
        "brackets the quartiles of the rounds."
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--encoders", nargs="+", choices=ENCODERS, default=list(ENCODERS))
    parser.add_argument("--data", nargs="+", choices=("mr", "imdb"), default=["mr", "imdb"])
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--threads", type=int, default=1, help="of ours on the CPU")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--batches", type=int, default=4, help="batches of a round")
    return parser.parse_args()


def main() -> None:
    """Measure, and print or write; without a GPU say so."""
    chosen = arguments()
    if not torch.cuda.is_available():
        sys.exit("bench_gpu needs a GPU that torch can use, and torch finds none here.")
    torch.manual_seed(0)
    sections = [measure(size, chosen, "cuda", torch.cuda.synchronize) for size in chosen.sizes]
    report = "\n\n".join([header(chosen), *sections]) + "\n"
    tell(report, RESULTS, write=chosen.write)


if __name__ == "__main__":
    main()
