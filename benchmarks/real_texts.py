"""A data set's name → its texts and labels, and real batches of them as ids, in the order that training reads.

Reads ../shared/data beside the project (see its README).
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from unrolled.arrays import IntArray
from unrolled.model.network import encode_texts as numbers_of
from unrolled.model.text_network import TextNetwork
from unrolled.text.tokens import words
from unrolled.text.vocabulary import Vocabulary, pad
from unrolled.training.bucketed_batches import bucketed_batches

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
PARTS = {
    "mr": {"train": "all"},
    "imdb": {"train": "train", "test": "test"},
    "ag_news": {"train": "train_subset", "test": "test"},
    "trec": {"train": "train", "test": "test"},
    "sst2": {"train": "train", "dev": "dev", "test": "test"},
    "sms_spam": {"train": "all"},
}
TUNED_ON = [name for name in PARTS if name != "sms_spam"]  # whose development texts chose our defaults
TEXTS = 12_800  # drawn at random from larger sets: four pools of batches of 64


@dataclass(frozen=True)
class Batch:
    """Texts of one step: ids (texts, length), lengths (texts,), labels (texts,)."""

    ids: IntArray
    lengths: IntArray
    labels: IntArray


def read(name: str, part: str) -> tuple[list[str], list[str]]:
    """Read texts and labels of a part, one of those of its data set."""
    csv.field_size_limit(1 << 30)
    path = DATA / name / f"{PARTS[name][part]}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["label"] for row in rows]


@cache
def split(name: str) -> tuple[list[list[str]], IntArray]:
    """Split training texts into words, with their labels as numbers; of large sets some texts, drawn at random."""
    texts, labels = read(name, "train")
    drawn = np.random.default_rng(0).permutation(len(texts))[:TEXTS]
    place = {label: number for number, label in enumerate(sorted(set(labels)))}
    return [words(texts[row]) for row in drawn], np.array([place[labels[row]] for row in drawn])


def drawn_batches(name: str, network: TextNetwork, size: int, number: int) -> list[Batch]:
    """Take some of an epoch's batches, spread evenly from those of the fewest words to those of the most."""
    texts, labels = split(name)
    vocabulary = Vocabulary.build(texts, min_count=1, max_features=network.words - 1)
    numbers = numbers_of(network, texts, vocabulary)
    lengths = np.array([len(ids) for ids in numbers])
    full = [rows for rows in bucketed_batches(lengths, size, 0, 1) if len(rows) == size]
    full.sort(key=lambda rows: int(lengths[rows].sum()))
    chosen = [full[(2 * k + 1) * len(full) // (2 * number)] for k in range(number)]
    return [Batch(*pad([numbers[row] for row in rows]), labels[rows]) for rows in chosen]


def spread_out(batch: Batch, words: int, larger: int) -> Batch:
    """Read the same words from a larger table, its further rows between them; n-grams' buckets stay behind the words.

    So only the table grows: a batch keeps its words, as many of them distinct as before.
    """
    ids = np.where(batch.ids < words, batch.ids * (larger // words), batch.ids + larger - words)
    return Batch(ids, batch.lengths, batch.labels)


def classes(name: str) -> int:
    """Count the labels of a data set."""
    return len(np.unique(split(name)[1]))


def total_words(found: Sequence[Batch]) -> int:
    """Count the words of all batches, padding left out."""
    return int(sum(batch.lengths.sum() for batch in found))
