"""Labelled texts, all in one list → the parts to train on and to test on, the same for every model."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from unrolled.arrays import IntArray
from unrolled.data.folds import folds_of
from unrolled.data.labelled import Labelled
from unrolled.data.labelled_corpus import LabelledCorpus, gather
from unrolled.data.split import Keys, as_keys, key_of, split_keys
from unrolled.errors import data as errors
from unrolled.text.text_config import TextConfig

FRACTION = 0.2  # of the texts is tested on where no test texts are given
SEED = 0  # of the split, which is one for all seeds of training


@dataclass(frozen=True)
class DataPart:
    """Rows to train on and rows to test on."""

    train: IntArray
    test: IntArray


@dataclass(frozen=True)
class Split:
    """All texts and labels, and the parts; each text is tested on in one part at most."""

    texts: Sequence[str]
    labels: Sequence[str]
    parts: Sequence[DataPart]
    first: int = 0  # the row at which the file of the test texts begins
    _corpora: dict[TextConfig, LabelledCorpus] = field(default_factory=dict, repr=False)

    @cached_property
    def tested(self) -> IntArray:
        """The rows that are tested on, sorted: (texts,)."""
        return np.sort(np.concatenate([part.test for part in self.parts]))

    def number_of(self, row: int) -> int:
        """Number a tested text from 1 as it stands in its own file."""
        return row + 1 - self.first

    @cached_property
    def lengths(self) -> IntArray:
        """Words of the texts that are tested on, as models split them by default: (texts,)."""
        lengths = np.empty(len(self.texts), np.int64)
        for part in self.parts:
            lengths[part.test] = self.corpora(part, TextConfig(), SEED)[1].corpus.lengths
        return lengths[self.tested]

    @cached_property
    def classes(self) -> list[str]:
        """The labels that there are, in order."""
        return sorted(set(self.labels))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each of them."""
        return {label: number for number, label in enumerate(self.classes)}

    @cached_property
    def truth(self) -> IntArray:
        """The number of each text's label: (texts,)."""
        return np.array([self.numbers[label] for label in self.labels], np.int64)

    @cached_property
    def unknown(self) -> dict[str, int]:
        """Count the tested texts of each label that training lacks; they are counted as wrong."""
        found: Counter[str] = Counter()
        for part in self.parts:
            known = {self.labels[row] for row in part.train.tolist()}
            found.update(label for row in part.test.tolist() if (label := self.labels[row]) not in known)
        return dict(found)

    @cached_property
    def seen(self) -> int:
        """Count the tested texts that are trained on too, if need be in other case or with other blanks."""
        own = self._whole(TextConfig(), SEED).fingerprints(None)
        return sum(int(np.isin(own[part.test], own[part.train]).sum()) for part in self.parts)

    def corpora(self, part: DataPart, reading: TextConfig, seed: int) -> tuple[LabelledCorpus, LabelledCorpus]:
        """Return the words to train on and those to test on."""
        whole = self._whole(reading, seed)
        return _taken(whole, part.train), _taken(whole, part.test)

    def _whole(self, reading: TextConfig, seed: int) -> LabelledCorpus:
        """Return the words of all texts; what was read for another seed is forgotten."""
        whole = self._corpora.get(reading)
        if whole is None or whole.seed != seed:
            whole = gather(zip(self.texts, self.labels, strict=True), reading, seed=seed)
            self._corpora[reading] = whole
        return whole


def with_test_texts(train: Labelled, test: Labelled) -> Split:
    """Train on some texts and test on others."""
    rows = np.arange(len(train.texts) + len(test.texts))
    parts = np.split(rows, [len(train.texts)])
    return Split([*train.texts, *test.texts], [*train.labels, *test.labels], [DataPart(*parts)], len(train.texts))


def by_fraction(labelled: Labelled) -> Split:
    """Hold a fifth out to test on: of each class its share, duplicates on one side."""
    parts = split_keys(_keys(labelled), labelled.labels, fraction=FRACTION)
    return Split(labelled.texts, labelled.labels, [DataPart(*parts)])


def by_folds(labelled: Labelled, folds: int) -> Split:
    """Test on each fold once, training on the others; DataError where there are too few texts, or of too few labels."""
    fold = folds_of(_keys(labelled), labelled.labels, folds)
    parts = [DataPart(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(folds)]
    _reject_one_class(labelled.labels, fold)
    return Split(labelled.texts, labelled.labels, parts)


def _reject_one_class(labels: Sequence[str], fold: IntArray) -> None:
    """Raise a DataError where one label alone is left to train on without a fold."""
    homes, alone = defaultdict[str, set[int]](set), defaultdict[int, set[str]](set)
    for label, number in zip(labels, fold.tolist(), strict=True):
        homes[label].add(number)
    for label, own in homes.items():
        if len(own) == 1:
            alone[min(own)].add(label)
    for number, lost in alone.items():
        if len(left := homes.keys() - lost) < 2:
            raise errors.one_class_without_fold(number + 1, left, lost)


def _keys(labelled: Labelled) -> Keys:
    return as_keys(b"".join(key_of(text.encode(errors="surrogatepass"), SEED) for text in labelled.texts))


def _taken(whole: LabelledCorpus, rows: IntArray) -> LabelledCorpus:
    digest = hashlib.sha256(whole.digest.encode() + rows.astype("<i8").tobytes()).hexdigest()
    labels = [whole.labels[row] for row in rows.tolist()]
    return LabelledCorpus(whole.reading, whole.seed, whole.corpus.take(rows), labels, whole.keys[rows], digest)
