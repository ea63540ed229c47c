"""Ever longer texts, larger vocabularies, wider layers, more threads → what a word costs, in training and prediction.

Texts are random words in batches of about as many words each, whatever their length: a cost that is linear in the
length is a flat line. Writes a table and a picture. From the project's root: python -m benchmarks.bench_growth --write
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.command_line import command_line, tell
from benchmarks.growth_curves import Curve, curves
from benchmarks.real_texts import ROOT, Batch
from benchmarks.side_by_side import Turn, by_turns, machine, table
from unrolled.kernels import run_parallel
from unrolled.model.registry import encoder_names, make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.prediction.projection_cache import ProjectionCache
from unrolled.reports.charts.svg import picture, stacked
from unrolled.training.state import StepState
from unrolled.training.threads import threads
from unrolled.training.training_config import TrainingConfig

TABLE, PICTURE = ROOT / "docs" / "growth.md", ROOT / "docs" / "growth.svg"
SIZE, WORDS, LENGTH, BATCH = 100, 20_000, 100, 6_400  # of vectors, of the vocabulary, of a text, of a batch's words
LENGTHS = (10, 30, 100, 300, 1_000, 3_000, 10_000)
VOCABULARIES = (2_000, 20_000, 200_000, 1_000_000)
WIDTHS = (32, 64, 128, 256, 512)
THREADS = (1, 2)
SQUARE = {"transformer"}  # attention compares every word with every other, and keeps all of that in training
LONGEST_SQUARE = 1_000
UNITS = {"rnn": "hidden_size", "lstm": "hidden_size", "gru": "hidden_size", "cnn": "num_filters"}


@dataclass(frozen=True)
class Case:
    """One encoder, one size of everything."""

    encoder: str
    length: int = LENGTH
    words: int = WORDS
    width: int | None = None
    threads: int = 1

    def network(self) -> TextNetwork:
        """Make the network, with its default width unless another is asked for."""
        options = {} if self.width is None else {UNITS[self.encoder]: self.width}
        return TextNetwork(self.words, SIZE, "tuned", make_encoder(self.encoder, SIZE, options), 2)

    def batch(self, network: TextNetwork) -> Batch:
        """Draw texts whose words are as uneven as real ones: the word of rank r comes as often as 1 / r."""
        random, texts = np.random.default_rng(0), max(1, BATCH // self.length)
        shape = (texts, self.length)
        ranks = np.exp(random.uniform(0, np.log(network.rows), shape)).astype(np.int64) % network.rows
        return Batch(ranks, np.full(texts, self.length), np.arange(texts) % 2)


def turns(case: Case) -> dict[str, Turn]:
    """Make a training step and a reading of the case's batch; words are projected before."""
    network = case.network()
    batch, weights = case.batch(network), initialize(network.weights(), 0)
    state = StepState(network, weights, TrainingConfig(threads=case.threads))
    reader = ProjectionCache(network, weights, memory=2**31)
    return {
        "training": partial(state.step, 0, batch.ids, batch.lengths, batch.labels, 1e-3, None),
        "prediction": partial(reader.logits, batch.ids, batch.lengths),
    }


def microseconds(case: Case, rounds: int) -> dict[str, float]:
    """Measure what a word costs."""
    words = max(1, BATCH // case.length) * case.length
    with threads(case.threads), run_parallel.threads(case.threads), threadpool_limits(case.threads):
        made = turns(case)
        for work in made.values():
            work()
        taken = by_turns({name: [work] for name, work in made.items()}, rounds)
    return {name: 1e6 * statistics.median(seconds) / words for name, seconds in taken.items()}


def cases(chosen: argparse.Namespace) -> Iterator[tuple[str, str, Sequence[tuple[int, Case]]]]:
    """List every series: what grows, the encoder, and the sizes with their cases."""
    for name in chosen.encoders:
        lengths = [length for length in LENGTHS if name not in SQUARE or length <= LONGEST_SQUARE]
        yield "length", name, [(length, Case(name, length=length)) for length in lengths]
    for name in chosen.encoders:
        yield "vocabulary", name, [(words, Case(name, words=words)) for words in VOCABULARIES]
    for name in filter(UNITS.__contains__, chosen.encoders):
        yield "width", name, [(width, Case(name, width=width)) for width in WIDTHS]
    for name in chosen.encoders:
        yield "threads", name, [(number, Case(name, threads=number)) for number in THREADS]


AXES = {
    "length": "words of a text",
    "vocabulary": "words known",
    "width": "hidden_size, or num_filters of cnn",
    "threads": "threads",
}
Measured = Mapping[tuple[str, str], Sequence[tuple[int, dict[str, float]]]]


def section(grows: str, measured: Measured, kind: str) -> str:
    """Lay out one table: an encoder a row, a size a column."""
    series = {encoder: points for (what, encoder), points in measured.items() if what == grows}
    sizes = sorted({size for points in series.values() for size, _ in points})
    rows = []
    for encoder, points in series.items():
        told = {size: f"{cost[kind]:.2f}" for size, cost in points}
        rows.append([encoder, *(told.get(size, "") for size in sizes)])
    heading = [f"{kind}, µs a word, by {AXES[grows]}", *(f"{size:,}" for size in sizes)]
    return table(heading, rows)


def drawing(measured: Measured) -> str:
    """Draw cost against length, vocabulary and width, one picture under the other."""
    panels = []
    for grows in ("length", "vocabulary", "width"):
        for kind in ("training", "prediction"):
            series = [(encoder, points) for (what, encoder), points in measured.items() if what == grows]
            place = {encoder: number for number, encoder in enumerate(encoder_names())}  # a colour of its own
            lines = [
                Curve(encoder, [(size, cost[kind]) for size, cost in points], place[encoder], place[encoder] % 2 == 1)
                for encoder, points in series
            ]
            panels.append(curves(f"What a word costs in {kind}, µs, by {AXES[grows]}", AXES[grows], lines))
    return picture(stacked(panels), styled=True)


def report(measured: Measured, rounds: int) -> str:
    """Write the page."""
    head = (
        f"# What a word costs\n\nWritten by `python -m benchmarks.bench_growth --write`. {machine('torch', 'numpy')}\n"
        f"Medians of {rounds} rounds; batches of about {BATCH:,} words, {LENGTH} a text, {WORDS:,} words known,\n"
        f"vectors of {SIZE}, default options and one thread unless the table says otherwise.\n\n"
        "A flat line costs no more a word.\n\n"
        "![Curves of what a word costs](growth.svg)"
    )
    tables = [section(grows, measured, kind) for grows in AXES for kind in ("training", "prediction")]
    return "\n\n".join([head, *tables]) + "\n"


def main() -> None:
    """Measure, and print or write."""
    parser = command_line(__doc__, TABLE, PICTURE)
    names: list[Any] = [name for name in encoder_names() if name != "logistic"]
    parser.add_argument("--encoders", nargs="+", choices=names, default=names)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    measured: dict[tuple[str, str], list[tuple[int, dict[str, float]]]] = {}
    for grows, encoder, sizes in cases(chosen):
        measured[grows, encoder] = [(size, microseconds(case, chosen.rounds)) for size, case in sizes]
        print(grows, encoder, measured[grows, encoder], flush=True)
    tell(report(measured, chosen.rounds), TABLE, write=chosen.write)
    if chosen.write:
        PICTURE.write_text(drawing(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
