"""Words → ids, padded to (texts, length), with their lengths (texts,). Id 0 is every word that isn't known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, repeat

import numpy as np

from unrolled.model.encoder import Integers

UNKNOWN = "<unk>"


class Vocabulary:
    """The known words in the order of their ids; the same texts give the same vocabulary, in any order of the texts."""

    def __init__(self, words: Sequence[str]) -> None:
        """Take the words in order; the first must be the unknown word."""
        self.words = tuple(words)
        self.ids = {word: number for number, word in enumerate(self.words)}

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]], *, min_count: int, max_features: int | None) -> Vocabulary:
        """Know the `max_features` most frequent words seen at least `min_count` times, ties in alphabetic order."""
        counts = Counter(chain.from_iterable(texts))
        del counts[UNKNOWN]
        alphabetic = sorted(word for word, n in counts.items() if n >= min_count)
        known = sorted(alphabetic, key=counts.__getitem__, reverse=True)
        return cls([UNKNOWN, *known[:max_features]])

    def __len__(self) -> int:
        """Count the words, the unknown one included."""
        return len(self.words)

    def numbers(self, words: Sequence[str]) -> Integers:
        """Turn one text's words to ids (words,)."""
        return np.fromiter(map(self.ids.get, words, repeat(0)), np.int64, len(words))


def pad(texts: Sequence[Integers]) -> tuple[Integers, Integers]:
    """Put texts of several lengths into one array, padded with 0 → ids (texts, length ≥ 1), lengths (texts,)."""
    lengths = np.array([len(text) for text in texts], np.int64)
    ids = np.zeros((len(texts), max(1, int(lengths.max(initial=0)))), np.int64)
    for row, text in zip(ids, texts, strict=True):
        row[: len(text)] = text
    return ids, lengths


def distinct(ids: Integers, lengths: Integers) -> tuple[Integers, Integers]:
    """Number a batch's own words: ids (texts, length) → its distinct words (words,), ids that index into these."""
    true = np.arange(ids.shape[1]) < lengths[:, None]
    words, places = np.unique(ids[true], return_inverse=True)
    local = np.zeros_like(ids)
    local[true] = places
    return words, local
