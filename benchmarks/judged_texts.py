"""A data set's name, and of those without a test part a fold → texts to train on, to stop by, and to be judged by.

mr and sms_spam have no test part: each text is tested in one of ten folds, equal texts in the same one, the same folds
for all models. Dev texts are a part of their own (sst2) or a tenth, split off the training texts by the run's seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from benchmarks.real_texts import PARTS, read
from unrolled.arrays import IntArray
from unrolled.data.folds import folds_of
from unrolled.data.split import as_keys, key_of, split_off

FOLDS, FOLDS_SEED, DEV = 10, 0, 0.1


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts and their labels as numbers, places among the classes: (texts,)."""

    texts: list[str]
    labels: IntArray

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.texts)

    def take(self, rows: IntArray) -> Texts:
        """Take some of them."""
        return Texts([self.texts[row] for row in rows.tolist()], self.labels[rows])

    def split(self, classes: list[str], seed: int) -> tuple[Texts, Texts]:
        """Split dev texts off, as `unrolled` does."""
        names = [classes[number] for number in self.labels.tolist()]
        rows = split_off(self.texts, names, fraction=DEV, seed=seed)
        return self.take(np.array(rows[0])), self.take(np.array(rows[1]))


@cache
def part(data: str, name: str) -> Texts:
    """Read a part of a data set."""
    texts, labels = read(data, name)
    places = {label: number for number, label in enumerate(classes(data))}
    return Texts(texts, np.array([places[label] for label in labels]))


@cache
def classes(data: str) -> list[str]:
    """List the labels of a data set, sorted."""
    return sorted(set(read(data, "train")[1]))


def in_folds(data: str) -> bool:
    """Say whether a data set is tested by folds."""
    return "test" not in PARTS[data]


def fold_numbers(data: str) -> list[int | None]:
    """List what has to be trained for each text to be tested once; None is the whole of the training texts."""
    return [*range(FOLDS)] if in_folds(data) else [None]


@cache
def tested_rows(data: str, fold: int | None) -> IntArray:
    """Give the rows that are tested, of all texts or of the test part, sorted: (texts,)."""
    whole = judged(data)
    if fold is None:
        return np.arange(len(whole))
    return np.flatnonzero(_folds(data) == fold)


def judged(data: str) -> Texts:
    """Give all texts that are tested at some time."""
    return part(data, "train" if in_folds(data) else "test")


def train_and_test(data: str, fold: int | None) -> tuple[Texts, Texts]:
    """Give the texts to train on, dev texts included where they are no part of their own, and those to be judged by."""
    train = part(data, "train")
    if fold is None:
        return train, judged(data)
    return train.take(np.flatnonzero(_folds(data) != fold)), train.take(tested_rows(data, fold))


@cache
def _folds(data: str) -> IntArray:
    texts, labels = read(data, "train")
    keys = as_keys(b"".join(key_of(text.encode(errors="surrogatepass"), FOLDS_SEED) for text in texts))
    return folds_of(keys, labels, FOLDS)
