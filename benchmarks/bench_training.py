"""Real batches of mr and imdb → a training step of every encoder beside the same network in torch, and its layer alone.

All contestants take the same batches, sorted by length within pools as training reads them, by turns in one process.
torch's step has its fused AdamW; of its padded and packed variants the better one counts. Beside each ratio stands the
share of the processor's matrix products (1024^3, measured in the same rounds) that the useful operations make up.
From the project's root: python -m benchmarks.bench_training
"""

from __future__ import annotations

import argparse
import gc
import statistics
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from typing import Literal

import torch

from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.contestants import CONTESTS, SIZES, Contest, Size
from benchmarks.real_texts import Batch, classes, drawn_batches, spread_out
from benchmarks.side_by_side import Turn, by_turns, machine, ratio, table, told_ratio, without_hopeless
from benchmarks.torch_networks import DROPOUT, MAX_NORM, TorchBatch, Training, forward_and_backward
from benchmarks.useful_operations import TRAINING, forward_operations
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize, select
from unrolled.text.vocabulary import distinct
from unrolled.training.state import StepState
from unrolled.training.threads import threads
from unrolled.training.training_config import TrainingConfig

Device = Literal["cpu", "cuda"]
RESULTS = FOLDER / "training.md"
WORDS = 20_000
PEAK, OURS = "peak", "ours"
COLUMNS = (
    "encoder",
    "texts",
    "words known",
    "threads",
    "torch, ms",
    "unrolled, ms",
    "ratio (quartiles)",
    "asked for",
    "share of peak",
)


def our_step(state: StepState, batch: Batch) -> Turn:
    """Make one training step of ours."""
    return partial(state.step, 0, batch.ids, batch.lengths, batch.labels, 1e-3, None)


def our_state(network: TextNetwork, count: int, device: Device = "cpu") -> StepState:
    """Start training with the baseline's dropout: on the encoding and between layers, none on word vectors."""
    plan = TrainingConfig(threads=count, dropout=DROPOUT, embedding_dropout=0.0, max_grad_norm=MAX_NORM, device=device)
    return StepState(network, initialize(network.weights(), 0), plan)


def peak() -> Turn:
    """Make a matrix product of 1024^3, 2.1 GFLOP."""
    a, b, out = torch.randn(1024, 1024), torch.randn(1024, 1024), torch.empty(1024, 1024)
    return lambda: torch.mm(a, b, out=out)


def whole_step(contest: Contest, size: Size, name: str, words: int, number: int, count: int) -> dict[str, list[Turn]]:
    """Set up a training step of ours, and of torch in every variant, for a vocabulary of so many words."""
    network = contest.ours(size, words, classes(name))
    found = batches_for(contest, size, name, words, number)
    state, theirs = our_state(network, count), Training(contest.torch(size, network.rows, classes(name)))
    converted = [TorchBatch.of(batch) for batch in found]
    rivals: dict[str, list[Turn]] = {
        variant: [partial(theirs.step, batch, variant) for batch in converted] for variant in theirs.network.variants()
    }
    return {PEAK: [peak()], OURS: [our_step(state, batch) for batch in found], **rivals}


def batches_for(contest: Contest, size: Size, name: str, words: int, number: int) -> list[Batch]:
    """Draw batches; a larger vocabulary is the same words in a larger table."""
    found = drawn_batches(name, contest.ours(size, WORDS, classes(name)), size.batch_size, number)
    return [spread_out(batch, WORDS, words) for batch in found] if words > WORDS else found


def layer_alone(contest: Contest, size: Size, name: str, number: int) -> dict[str, list[Turn]]:
    """Set up forward and backward of the layer: ours from a batch's distinct words, torch's from all places."""
    network, layer = contest.ours(size, WORDS, classes(name)), contest.layer(size)
    if layer is None:
        return {}
    layer.eval()  # no dropout between layers, as ours has none here
    found = batches_for(contest, size, name, WORDS, number)
    gradient = torch.randn(size.batch_size, network.encoder.output_size)
    embeddings = torch.randn(WORDS, size.embedding_dim)
    rivals: dict[str, list[Turn]] = {}
    for variant, compute in layer.variants().items():
        for batch in map(TorchBatch.of, found):
            vectors = embeddings[batch.ids].requires_grad_()
            rivals.setdefault(variant, []).append(
                partial(forward_and_backward, compute, layer, vectors, batch.lengths, gradient)
            )
    return {PEAK: [peak()], OURS: [our_layer(network, batch, embeddings, gradient) for batch in found], **rivals}


def our_layer(network: TextNetwork, batch: Batch, embeddings: torch.Tensor, gradient: torch.Tensor) -> Turn:
    """Make forward and backward of our encoder; to find the batch's distinct words is part of it."""
    encoder, (words, _) = network.encoder, distinct(batch.ids, batch.lengths)
    drawn = select(initialize(network.weights(), 0), "encoder")
    weights = {name: torch.tensor(array, requires_grad=True) for name, array in drawn.items()}
    vectors = embeddings[torch.from_numpy(words)].requires_grad_()

    def run() -> None:
        _, local = distinct(batch.ids, batch.lengths)
        encoding = encoder.encode(weights, encoder.project_tokens(weights, vectors), local, batch.lengths)
        torch.autograd.grad(encoding, [vectors, *weights.values()], gradient)

    return run


def judged(turns: Mapping[str, Sequence[Turn]], rounds: int, operations: int) -> list[str]:
    """Measure → the cells of a row: torch's and our milliseconds a batch, their ratio, and our share of the peak."""
    rivals = [name for name in turns if name not in (PEAK, OURS)]
    taken = by_turns(without_hopeless(turns, rivals), rounds)
    better = min((name for name in rivals if name in taken), key=lambda name: statistics.median(taken[name]))
    theirs, mine, product_ = (statistics.median(taken[name]) for name in (better, OURS, PEAK))
    share = operations / mine / (2 * 1024**3 / product_)
    milliseconds = (1000 * seconds / len(turns[OURS]) for seconds in (theirs, mine))
    told, own = (f"{number:.1f}" for number in milliseconds)
    return [f"{told} ({better})", own, told_ratio(taken[better], taken[OURS]), f"{share:.0%}"]


def operations(contest: Contest, size: Size, name: str, number: int) -> int:
    """Count the useful operations of training steps on all batches."""
    network = contest.ours(size, WORDS, classes(name))
    found = batches_for(contest, size, name, WORDS, number)
    return TRAINING * sum(forward_operations(network, batch) for batch in found)


def growth(contest: Contest, size: Size, name: str, chosen: argparse.Namespace, count: int) -> list[str]:
    """Compare our step with the larger vocabulary to that with the smaller: the cells of a row."""
    turns = {}
    for words in (WORDS, 10 * WORDS):
        state = our_state(contest.ours(size, words, classes(name)), count)
        found = batches_for(contest, size, name, words, chosen.batches)
        turns[str(words)] = [our_step(state, batch) for batch in found]
    by_turns(turns, 2)
    small, large = by_turns(turns, chosen.rounds).values()
    milliseconds = [f"{1000 * statistics.median(seconds) / chosen.batches:.2f}" for seconds in (small, large)]
    return [*milliseconds, f"{ratio(large, small)[0] - 1:+.1%}"]


def measure(size_name: str, chosen: argparse.Namespace) -> str:
    """Measure one size of everything → its section, with three tables."""
    size, steps, layers, grown = SIZES[size_name], [], [], []
    for encoder, name, count in product(chosen.encoders, chosen.data, chosen.threads):
        contest, rounds = CONTESTS[encoder], chosen.rounds
        needed, who = operations(contest, size, name, chosen.batches), [encoder, name]
        asked = f"{contest.least[name]:g}" if size_name == "reference" else ""
        with threads(count):
            for words in chosen.vocabulary:
                cells = judged(whole_step(contest, size, name, words, chosen.batches, count), rounds, needed)
                steps.append([*who, f"{words:,}", str(count), *cells[:3], asked, cells[3]])
                print(size_name, "step ", *steps[-1], flush=True)
            if turns := layer_alone(contest, size, name, chosen.batches):
                cells = judged(turns, rounds, needed)
                layers.append([*who, str(count), *cells])
                print(size_name, "layer", *layers[-1], flush=True)
            if len(chosen.vocabulary) > 1:
                grown.append([*who, str(count), *growth(contest, size, name, chosen, count)])
                print(size_name, "grown", *grown[-1], flush=True)
        gc.collect()
    return section(size_name, size, steps, layers, grown)


def section(size_name: str, size: Size, steps: list[list[str]], layers: list[list[str]], grown: list[list[str]]) -> str:
    """Lay out the tables of one size."""
    what = (
        f"## Batches of {size.batch_size}, word vectors of {size.embedding_dim}, "
        f"filters of {', '.join(map(str, size.filter_sizes))} words ({size_name})"
    )
    alone = [column for column in COLUMNS if column not in ("words known", "asked for")]
    more = ("encoder", "texts", "threads", f"{WORDS:,} words, ms", f"{10 * WORDS:,} words, ms", "more (asked: ≤ 10 %)")
    parts = [what, "Whole steps:", table(COLUMNS, steps), "The layer alone:", table(alone, layers)]
    if grown:
        parts += ["The same steps of ours with a larger vocabulary:", table(more, grown)]
    return "\n\n".join(parts)


def header(chosen: argparse.Namespace) -> str:
    """Say where and how this was measured."""
    return (
        "# Training beside torch\n\nWritten by `python -m benchmarks.bench_training --write`. "
        f"{machine('torch', 'numpy')}\nMedians of {chosen.rounds} rounds over the same {chosen.batches} batches, by "
        "turns in one process; milliseconds are those of a batch.\nA ratio above 1 says that unrolled is so many times "
        "faster; in brackets the quartiles of the rounds."
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--encoders", nargs="+", choices=CONTESTS, default=list(CONTESTS))
    parser.add_argument("--data", nargs="+", choices=("mr", "imdb"), default=["mr", "imdb"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--vocabulary", nargs="+", type=int, choices=(WORDS, 10 * WORDS), default=[WORDS, 10 * WORDS])
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--batches", type=int, default=4, help="batches of a round")
    parser.add_argument("--quick", action="store_true", help="5 rounds of 2 batches, the small vocabulary alone")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.batches, chosen.vocabulary = 5, 2, [WORDS]
    return chosen


def main() -> None:
    """Measure, and print or write."""
    chosen = arguments()
    torch.manual_seed(0)
    report = "\n\n".join([header(chosen), *(measure(size, chosen) for size in chosen.sizes)]) + "\n"
    tell(report, RESULTS, write=chosen.write)


if __name__ == "__main__":
    main()
