"""Ids at hand → logits: ours beside torch and ONNX Runtime, the same network with the same weights.

All take the same batches of 64 texts, or texts alone, by turns in one process. "Warm" is our table of projected words
when all words were met before; "cold" reads each pass with a new table, so that every word is projected at its first
meeting. torch has eval, inference_mode, and of its padded and packed variants the better one. Logits are compared
before: of texts cut to one length, as rivals slide over padding. torch has no gru that resets before the product: there
stands its own, which resets after it. Threads are those of our kernels and NumPy's products, of torch, and of ONNX
Runtime's operators.
From the project's root: python -m benchmarks.bench_prediction
"""

from __future__ import annotations

import argparse
import gc
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import onnxruntime
import torch
from threadpoolctl import threadpool_limits

from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.contestants import CONTESTS, LAST, SIZES, Contest, Size
from benchmarks.onnx_networks import model_of
from benchmarks.real_texts import Batch, classes, drawn_batches
from benchmarks.same_weights import fill
from benchmarks.side_by_side import Turn, by_turns, machine, ratio, table, told_ratio, without_hopeless
from benchmarks.torch_networks import LEAST, TorchBatch
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.prediction.projection_cache import ProjectionCache
from unrolled.training.threads import threads

RESULTS = FOLDER / "prediction.md"
WORDS, BATCH = 20_000, 64
TOLERANCE = 1e-4
WARM, COLD, ONNX = "warm", "cold", "onnxruntime"
COLUMNS = (
    *("encoder", "texts", "at once", "threads", "torch, ms", "ONNX Runtime, ms", "ours warm, ms", "ours cold, ms"),
    *("torch / warm", "ONNX / warm", "asked for", "torch / cold", "ONNX / cold"),
)
READERS = {
    **{name: CONTESTS[name] for name in ("average", "ngrams", "cnn", "rnn", "lstm", "gru")},
    "gru, reset after": Contest("gru", {}, {"reset": "after", **LAST}),
    "bilstm": Contest("lstm", {}, {"bidirectional": True, **LAST}),
}
ASKED = {  # times torch and times ONNX Runtime, by the texts that are read at once
    "cnn": {BATCH: (20.0, 20.0), 1: (5.0, 2.0)},
    **{name: {BATCH: (2.5, 2.5), 1: (2.5, 2.5)} for name in ("lstm", "gru")},
}


class Reader:
    """A network with weights, and its ways to read a batch."""

    def __init__(self, contest: Contest, size: Size, name: str, count: int) -> None:
        """Draw weights, and give them to all."""
        self.network = contest.ours(size, WORDS, classes(name))
        self.weights = _drawn(self.network)
        self.torch = contest.torch(size, self.network.rows, classes(name))
        fill(self.torch, self.network, self.weights)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = count, 1
        self.session = onnxruntime.InferenceSession(
            model_of(self.network, self.weights), options, providers=["CPUExecutionProvider"]
        )
        self.warm = ProjectionCache(self.network, self.weights)
        self.cold = self.warm

    def read_cold(self, first: bool, batch: Batch) -> Any:
        """Read with a table that has met the batches since the first one, and no other."""
        if first:
            self.cold = ProjectionCache(self.network, self.weights)
        return self.cold.logits(batch.ids, batch.lengths)

    def read_in_torch(self, batch: TorchBatch, variant: str) -> Any:
        """Read without any thought of gradients."""
        with torch.inference_mode():
            return self.torch(batch, variant)

    def for_onnx(self, batch: TorchBatch) -> dict[str, Any]:
        """Give the inputs that the session has of a padded batch."""
        given = {"ids": batch.ids.numpy(), "lengths": batch.lengths.numpy().astype(np.int32)}
        return {one.name: given[one.name] for one in self.session.get_inputs()}

    def turns(self, found: Sequence[Batch]) -> dict[str, list[Turn]]:
        """Set up all ways, a turn a batch."""
        converted = [TorchBatch.of(batch) for batch in found]
        return {
            WARM: [partial(self.warm.logits, batch.ids, batch.lengths) for batch in found],
            COLD: [partial(self.read_cold, number == 0, batch) for number, batch in enumerate(found)],
            ONNX: [partial(self.session.run, None, self.for_onnx(batch)) for batch in converted],
            **{
                variant: [partial(self.read_in_torch, batch, variant) for batch in converted]
                for variant in self.torch.variants()
            },
        }

    def check(self, found: Sequence[Batch], *, torchs: bool) -> None:
        """Raise where a rival's logits aren't ours; `torchs` if torch has this very network."""
        for batch in map(_of_one_length, found):
            ours, converted = self.warm.logits(batch.ids, batch.lengths), TorchBatch.of(batch)
            (theirs,) = self.session.run(None, self.for_onnx(converted))
            np.testing.assert_allclose(theirs, ours, atol=TOLERANCE)
            for variant in self.torch.variants() if torchs else ():
                np.testing.assert_allclose(self.read_in_torch(converted, variant), ours, atol=TOLERANCE)


def _drawn(network: TextNetwork) -> dict[str, np.ndarray[Any, Any]]:
    """Draw first weights, but biases too, and embeddings so large that words count."""
    random = np.random.default_rng(0)
    return {
        name: random.normal(0, 0.3, tuple(array.shape)).astype("f4")
        if array.ndim == 1 or "embeddings" in name
        else array
        for name, array in initialize(network.weights(), 0).items()
    }


def _of_one_length(batch: Batch) -> Batch:
    length = max(LEAST, int(batch.lengths.min()))
    whole = batch.lengths >= length
    return Batch(batch.ids[whole, :length], np.full(whole.sum(), length), batch.labels[whole])


def batches_for(reader: Reader, name: str, at_once: int, number: int) -> list[Batch]:
    """Draw batches of 64, or texts of them alone, spread evenly from the shortest to the longest."""
    whole = drawn_batches(name, reader.network, BATCH, number)
    if at_once == BATCH:
        return whole
    return [one for batch in whole for one in map(partial(_alone, batch), range(0, BATCH, BATCH // 8))]


def _alone(batch: Batch, row: int) -> Batch:
    length = max(1, int(batch.lengths[row]))
    own = slice(row, row + 1)
    return Batch(batch.ids[own, :length], batch.lengths[own], batch.labels[own])


@contextmanager
def with_threads(count: int) -> Iterator[None]:
    """Let our kernels, NumPy's products and torch have so many threads."""
    with threads(count), threadpool_limits(count):
        yield


def judged(turns: Mapping[str, Sequence[Turn]], rounds: int, asked: tuple[float, float] | None) -> list[str]:
    """Measure → the cells of a row."""
    variants = [name for name in turns if name not in (WARM, COLD, ONNX)]
    taken = by_turns(without_hopeless(turns, variants), rounds)
    better = min((name for name in variants if name in taken), key=lambda name: statistics.median(taken[name]))
    each = (1000 * statistics.median(taken[name]) / len(turns[WARM]) for name in (better, ONNX, WARM, COLD))
    theirs, onnx, warm, cold = (f"{number:.3g}" for number in each)
    goal = " and ".join(f"{least:g}" for least in asked) if asked else ""
    return [
        *(f"{theirs} ({better})", onnx, warm, cold),
        *(told_ratio(taken[better], taken[WARM]), told_ratio(taken[ONNX], taken[WARM]), goal),
        *(f"{ratio(taken[name], taken[COLD])[0]:.2f}" for name in (better, ONNX)),
    ]


def measure(size_name: str, chosen: argparse.Namespace) -> str:
    """Measure one size of everything → its section."""
    size, rows = SIZES[size_name], []
    for encoder, name, count in product(chosen.encoders, chosen.data, chosen.threads):
        with with_threads(count):
            reader = Reader(READERS[encoder], size, name, count)
            for at_once in chosen.at_once:
                found = batches_for(reader, name, at_once, chosen.batches)
                reader.check(found, torchs=encoder != "gru")
                asked = ASKED.get(encoder, {}).get(at_once)
                cells = judged(reader.turns(found), chosen.rounds, asked)
                rows.append([encoder, name, str(at_once), str(count), *cells])
                print(size_name, *rows[-1], flush=True)
        gc.collect()
    filters = ", ".join(map(str, size.filter_sizes))
    what = f"## Word vectors of {size.embedding_dim}, filters of {filters} words ({size_name})"
    return "\n\n".join([what, table(COLUMNS, rows)])


def header(chosen: argparse.Namespace) -> str:
    """Say where and how this was measured."""
    return (
        "# Prediction beside torch and ONNX Runtime, ids at hand\n\n"
        f"Written by `python -m benchmarks.bench_prediction --write`. {machine('torch', 'onnxruntime', 'numpy')}\n"
        f"Medians of {chosen.rounds} rounds over the same texts, by turns in one process; milliseconds are those of a "
        "batch, or of a text alone.\nA ratio above 1 says that unrolled is so many times faster; in brackets the "
        "quartiles of the rounds. Before, all gave the same logits within 1e-4.\nAsked for: so many times torch and so "
        "many times ONNX Runtime, with a warm table. Between its products a rival's second thread spins, and NumPy's "
        "as well,\non processors that all share: with two threads by turns all are slower than alone."
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--encoders", nargs="+", choices=READERS, default=list(READERS))
    parser.add_argument("--data", nargs="+", choices=("mr", "imdb"), default=["mr", "imdb"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--at-once", nargs="+", type=int, choices=(BATCH, 1), default=[BATCH, 1])
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--batches", type=int, default=4, help="batches of a round; alone eight texts of each")
    parser.add_argument("--quick", action="store_true", help="5 rounds of 2 batches")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.batches = 5, 2
    return chosen


def main() -> None:
    """Measure, and print or write."""
    chosen = arguments()
    report = "\n\n".join([header(chosen), *(measure(size, chosen) for size in chosen.sizes)]) + "\n"
    tell(report, RESULTS, write=chosen.write)


if __name__ == "__main__":
    main()
