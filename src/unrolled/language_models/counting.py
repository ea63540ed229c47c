"""Counted n-grams (n-grams, n) → P(word | the n - 1 words before), by interpolated Kneser-Ney or unsmoothed.

    kneser-ney            P(w | h) = max(c(h w) - D, 0) / c(h) + D N(h) / c(h) P(w | h less its first word)
    maximum-likelihood    P(w | h) = c(h w) / c(h)

c(h) is the sum of c(h w) over all words w, N(h) the number of words that follow h. Kneser-Ney is interpolated, as Chen
and Goodman (1999) write it down: c is the count for the longest h, and for every shorter h the number of different
words that precede h w; each length has a discount D = n1 / (n1 + 2 n2) of its own, n1 and n2 being how many of its
n-grams have c = 1 and c = 2; the empty h is interpolated with 1 / (number of words). Where no n-gram has c = 1 the
formula would leave nothing to unseen words: D is then 1/2. After an h that was never seen, both models read h less its
first word.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from unrolled.arrays import Float64Array, IntArray

Smoothing = Literal["kneser-ney", "maximum-likelihood"]
Gram = tuple[int, ...]


@dataclass(frozen=True)
class Followers:
    """The words that were seen after one history."""

    counts: Mapping[int, int]
    total: int


class Counting:
    """A model that counts; all it learns are the n-grams of one order and how often each was seen."""

    def __init__(self, words: int, ngrams: IntArray, counts: IntArray, smoothing: Smoothing) -> None:
        """Take distinct n-grams (n-grams, order) of a vocabulary of this many words, and their counts (n-grams,)."""
        self.words, self.ngrams, self.counts, self.smoothing = words, ngrams, counts, smoothing
        self.order = ngrams.shape[1]
        grams: Mapping[Gram, int] = dict(zip(map(tuple, ngrams.tolist()), counts.tolist(), strict=True))
        by_length = [grams]
        for _ in range(self.order - 1):
            by_length.insert(0, _without_first(by_length[0], raw=smoothing == "maximum-likelihood"))
        self.followers = [_followers(grams) for grams in by_length]  # by the length of the history, from 0
        self.discounts = [_discount(grams) for grams in by_length]

    @classmethod
    def count(cls, words: int, windows: IntArray, smoothing: Smoothing) -> Counting:
        """Count the windows (rows, order) of a corpus."""
        return cls(words, *np.unique(windows, axis=0, return_counts=True), smoothing)

    def probability(self, history: Gram, word: int) -> float:
        """Return P(word | history), `history` having order - 1 words."""
        probability = 1 / self.words
        for length, (table, discount) in enumerate(zip(self.followers, self.discounts, strict=True)):
            seen = table.get(history[len(history) - length :])
            if seen is None:
                break
            count = seen.counts.get(word, 0)
            if self.smoothing == "maximum-likelihood":
                probability = count / seen.total
            else:
                left = discount * len(seen.counts) / seen.total
                probability = max(count - discount, 0.0) / seen.total + left * probability
        return probability

    def log_probabilities(self, histories: IntArray, words: IntArray) -> Float64Array:
        """Return log P(word | history) of every row, -inf where it is 0: (rows,)."""
        pairs = zip(map(tuple, histories.tolist()), words.tolist(), strict=True)
        found = (self.probability(history, word) for history, word in pairs)
        return np.array([math.log(probability) if probability else -math.inf for probability in found])

    def distribution(self, history: IntArray) -> Float64Array:
        """Return P(word | history) of every word: (words,)."""
        read = tuple(history.tolist())
        return np.array([self.probability(read, word) for word in range(self.words)])


def _without_first(grams: Mapping[Gram, int], *, raw: bool) -> Mapping[Gram, int]:
    """Count shorter n-grams: as often as they were seen, or once for each different word before them."""
    shorter: Counter[Gram] = Counter()
    for gram, count in grams.items():
        shorter[gram[1:]] += count if raw else 1
    return shorter


def _followers(grams: Mapping[Gram, int]) -> Mapping[Gram, Followers]:
    tables: dict[Gram, dict[int, int]] = {}
    for gram, count in grams.items():
        tables.setdefault(gram[:-1], {})[gram[-1]] = count
    return {history: Followers(counts, sum(counts.values())) for history, counts in tables.items()}


def _discount(grams: Mapping[Gram, int]) -> float:
    times = Counter(grams.values())
    return times[1] / (times[1] + 2 * times[2]) if times[1] else 0.5
