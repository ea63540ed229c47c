"""More classes, more rows → the processor's seconds that `logistic` takes to train, its solver's share, and hogwild's.

Real texts are the training parts of sst2, trec and ag_news. Made ones, of any number of classes, are as long as short
questions: 12 words each, of which 3 are drawn from 20 words that their class uses and the others from 10,000 that all
classes share, the word of rank r as often as 1 / r; one label in twenty is drawn at random. From the project's root:
python -m benchmarks.bench_classes --write
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.command_line import FOLDER, command_line, tell
from benchmarks.real_texts import read
from benchmarks.side_by_side import machine, table
from unrolled import TextClassifier

RESULTS = FOLDER / "classes.md"
REAL = ("sst2", "trec", "ag_news")
MADE = ((10_000, 2), (10_000, 6), (10_000, 20), (10_000, 77), (10_000, 150), (15_000, 150), (40_000, 6))
LENGTH, OWN, OWN_WORDS, SHARED, WRONG = 12, 3, 20, 10_000, 0.05
COLUMNS = ("texts", "rows", "classes", "words a text", "processor, s", "of these in the solver", "hogwild, s")

Pairs = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Fit:
    """What one training took, in seconds of the processor."""

    seconds: float
    in_solver: float


def made(rows: int, classes: int) -> Pairs:
    """Make texts and labels; the same for the same numbers."""
    random = np.random.default_rng([rows, classes])
    of = random.integers(classes, size=rows)
    ranks = np.exp(random.uniform(0, np.log(SHARED), (rows, LENGTH))).astype(np.int64)
    own = OWN_WORDS * of[:, None] + random.integers(OWN_WORDS, size=(rows, OWN))
    words = np.where(np.arange(LENGTH) < OWN, 0, ranks + OWN_WORDS * classes)
    words[:, :OWN] = own
    words = random.permuted(words, axis=1)
    labels = np.where(random.random(rows) < WRONG, random.integers(classes, size=rows), of)
    return [" ".join(f"w{word}" for word in text) for text in words.tolist()], [f"class {n}" for n in labels.tolist()]


def logistic(texts: Sequence[str], labels: Sequence[str]) -> Fit:
    """Train with the defaults, and time scikit-learn's solver within."""
    spent, solve = 0.0, LogisticRegression.fit

    def timed(*given: Any, **named: Any) -> Any:
        nonlocal spent
        began = time.process_time()
        done = solve(*given, **named)
        spent += time.process_time() - began
        return done

    LogisticRegression.fit = timed
    try:
        seconds = seconds_of(TextClassifier(encoder="logistic"), texts, labels)
    finally:
        LogisticRegression.fit = solve
    return Fit(seconds, spent)


def seconds_of(model: TextClassifier, texts: Sequence[str], labels: Sequence[str]) -> float:
    """Train on texts in memory → seconds of the processor."""
    began = time.process_time()
    model.fit(texts, labels)
    return time.process_time() - began


def row(name: str, texts: Sequence[str], labels: Sequence[str], rounds: int) -> list[str]:
    """Measure one set → a line of the table: the least of the rounds, as other work only adds to it."""
    found = min((logistic(texts, labels) for _ in range(rounds)), key=lambda one: one.seconds)
    hogwild = TextClassifier(encoder="ngrams", optimizer="hogwild")
    beside = min(seconds_of(hogwild, texts, labels) for _ in range(rounds))
    words = statistics.mean(len(text.split()) for text in texts)
    told = [name, f"{len(texts):,}", f"{len(set(labels))}", f"{words:.0f}", f"{found.seconds:.1f}"]
    told += [f"{100 * found.in_solver / found.seconds:.0f} %", f"{beside:.1f}"]
    print(*told, sep=" | ", flush=True)
    return told


def report(rows: Sequence[Sequence[str]], rounds: int) -> str:
    """Write the page."""
    return (
        "# Training time of logistic, by classes and rows\n\n"
        f"Written by `python -m benchmarks.bench_classes --write`. {machine('scikit-learn', 'numpy', 'scipy')}\n"
        "`TextClassifier(encoder='logistic').fit`, defaults, one thread, from texts in memory, in seconds of the "
        f"processor: the least of {rounds} rounds; other\nwork on the machine adds to it. Made texts: see "
        "`benchmarks/bench_classes.py`. hogwild is `ngrams --optimizer hogwild`, for comparison.\n\n"
        "What isn't the solver's is counting n-grams and numbering them, which doesn't depend on the classes. The "
        "solver (scikit-learn's\n`newton-cg`) fits all classes together to the optimum: each inner step multiplies the "
        "matrix of n-grams by a vector for every class.\n\n"
        f"{table(COLUMNS, rows)}\n"
    )


def main() -> None:
    """Measure, and print or write."""
    parser = command_line(__doc__, RESULTS)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--made", nargs="+", type=pair, default=MADE, metavar="ROWS,CLASSES")
    parser.add_argument("--real", nargs="*", choices=REAL, default=REAL)
    chosen = parser.parse_args()
    sets = [(name, read(name, "train")) for name in chosen.real]
    sets += [("made", made(*numbers)) for numbers in chosen.made]
    rows = [row(name, *pairs, chosen.rounds) for name, pairs in sets]
    tell(report(rows, chosen.rounds), RESULTS, write=chosen.write)


def pair(text: str) -> tuple[int, int]:
    """Read ROWS,CLASSES."""
    try:
        rows, classes = map(int, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected ROWS,CLASSES such as 10000,77, got {text!r}") from None
    return rows, classes


if __name__ == "__main__":
    main()
