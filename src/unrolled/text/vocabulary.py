"""Words → ids, padded to (texts, length), with their lengths (texts,). Id 0 is every word that isn't known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, repeat
from typing import Any

import numpy as np

from unrolled.arrays import AnyIntArray, IntArray
from unrolled.kernels.compiled.fnv1a import EncodedWords, encode
from unrolled.text.corpus import Corpus

UNKNOWN = "<unk>"
DENSE = 100  # ids for each number, up to which a table of all ids is faster than to sort the numbers


class Vocabulary:
    """The known words in the order of their ids; the same texts give the same vocabulary, in any order of the texts."""

    def __init__(self, words: Sequence[str]) -> None:
        """Take the words in order; the first must be the unknown word."""
        self.words = tuple(words)
        self.ids = {word: number for number, word in enumerate(self.words)}

    @classmethod
    def build(
        cls, texts: Iterable[Sequence[str]] | Counter[str], *, min_count: int, max_features: int | None
    ) -> Vocabulary:
        """Know the `max_features` most frequent words seen at least `min_count` times, ties in alphabetic order."""
        known = texts.counts if isinstance(texts, Corpus) else texts
        counts = Counter(known if isinstance(known, Mapping) else chain.from_iterable(known))
        del counts[UNKNOWN]
        alphabetic = sorted(word for word, n in counts.items() if n >= min_count)
        frequent = sorted(alphabetic, key=counts.__getitem__, reverse=True)
        return cls([UNKNOWN, *frequent[:max_features]])

    @cached_property
    def encoded(self) -> EncodedWords:
        """The words as compiled code reads them."""
        return encode(self.words)

    def __len__(self) -> int:
        """Count the words, the unknown one included."""
        return len(self.words)

    def numbers(self, words: Sequence[str]) -> IntArray:
        """Turn one text's words to ids (words,)."""
        return np.fromiter(map(self.ids.get, words, repeat(0)), np.int64, len(words))

    def numbers_together(self, texts: Sequence[Sequence[str]]) -> IntArray:
        """Turn the words of several texts to ids (words of all,)."""
        if isinstance(texts, Corpus):
            own, places = unique(texts.flat)
            return self.numbers([texts.words[k] for k in own.tolist()])[places]
        return self.numbers(list(chain.from_iterable(texts)))


def pad(texts: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Pad texts to one array with 0 → ids (texts, length ≥ 1), lengths (texts,)."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ids = np.zeros((len(texts), max(1, int(lengths.max(initial=0)))), np.int64)
    if len(texts):
        ids[_inside(ids, lengths)] = np.concatenate(texts)
    return ids, lengths


def padded(ids: AnyIntArray, starts: IntArray, lengths: IntArray) -> IntArray:
    """Take some of the texts whose ids stand one after another → ids (texts, length ≥ 1); padding is any of these."""
    places = starts[:, None] + np.arange(max(1, int(lengths.max(initial=0))))
    if not len(ids):
        return np.zeros_like(places)
    found: IntArray = ids[np.minimum(places, len(ids) - 1)].astype(np.int64, copy=False)
    return found


def distinct(ids: IntArray, lengths: IntArray) -> tuple[IntArray, IntArray]:
    """Number a batch's own words: ids (texts, length) → its distinct words (words,), ids that index into these."""
    inside = _inside(ids, lengths)
    local = np.zeros_like(ids)
    words, local[inside] = unique(ids[inside])
    return words, local


def unique(numbers: AnyIntArray) -> tuple[IntArray, IntArray]:
    """Sort out the distinct numbers, none of them negative, and the place of each number in these."""
    size = int(numbers.max(initial=0)) + 1
    if size > DENSE * len(numbers):
        words, places = np.unique(numbers, return_inverse=True)
        return words.astype(np.int64, copy=False), places
    seen = np.zeros(size, np.bool_)
    seen[numbers] = True
    words, places = np.flatnonzero(seen), np.empty(size, np.int64)
    places[words] = np.arange(len(words))
    return words, places[numbers]


def _inside(ids: IntArray, lengths: IntArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which ids are a text's and no padding: (texts, length)."""
    return np.arange(ids.shape[1]) < lengths[:, None]
