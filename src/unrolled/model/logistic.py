"""Words of texts → n-gram counts or tf-idf x → logits x W + b: (texts, classes). The lecture's first classifier.

    "Bob likes Alice" → {Bob, likes, Alice, Bob likes, likes Alice}      for ngram_range 1,2
    counts    x_j = how often the text has n-gram j
    tfidf     x_j = count_j idf_j / |x|,    |x| so that x has length 1, idf_j = ln((1 + texts) / (1 + texts with j)) + 1
    P(y | x) = softmax(x W + b)

tf-idf is scikit-learn's. N-grams that training didn't know are left out, so a text without known ones has the logits b.
Local order only: words further apart than the longest n-gram may be exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.errors.settings import backwards
from unrolled.kernels.arrays import array_namespace, like, rows
from unrolled.model.weights import Weight, Weights, constant, zeros
from unrolled.settings import Interval
from unrolled.text.corpus import Corpus
from unrolled.text.ngrams import distinct_ngrams, ngrams
from unrolled.text.vocabulary import Vocabulary, distinct


@dataclass(frozen=True, kw_only=True)
class Logistic:
    """Logistic regression on n-grams; `words` counts the vocabulary, whose entries are n-grams."""

    laws: ClassVar[tuple[int, ...]] = (2, 3, 4, 6, 7, 8, 9)  # of unrolled.model.encoder; a fit takes no single steps

    words: int
    classes: int
    features: Annotated[Literal["counts", "tfidf"], "n-gram counts or tf-idf"] = "tfidf"
    ngram_range: tuple[Annotated[int, Interval(1, 100)], Annotated[int, Interval(1, 100)]] = (1, 2)
    C: Annotated[float, Interval(1e-100, 1e100), "inverse regularization strength"] = 30.0

    def __post_init__(self) -> None:
        """Refuse a range whose end is before its beginning."""
        if self.ngram_range[0] > self.ngram_range[1]:
            raise backwards("ngram_range", self.ngram_range)

    @property
    def order_sensitive(self) -> bool:
        """Single words have no order."""
        return self.ngram_range[1] > 1

    def weights(self) -> dict[str, Weight]:
        """Declare W, b and, for tf-idf, each n-gram's idf; the first row is the unknown n-gram's and never read."""
        declared = {"W": Weight((self.words, self.classes), zeros), "b": Weight((self.classes,), zeros)}
        if self.features == "tfidf":
            declared["idf"] = Weight((self.words,), constant(1.0))
        return declared

    def number_together(self, texts: Sequence[Sequence[str]], vocabulary: Vocabulary) -> tuple[IntArray, IntArray]:
        """Turn the words of texts into the numbers of their known n-grams, and count those of each text."""
        if isinstance(texts, Corpus):
            return self._number_corpus(texts, vocabulary)
        shortest, longest = self.ngram_range
        each = range(
            shortest, longest + 1
        )  # one length after another: spelled out, they are up to 5,000 times the text
        numbers = [np.concatenate([vocabulary.numbers(ngrams(words, n, n)) for n in each]) for words in texts]
        known = [ids[ids > 0] for ids in numbers]
        return np.concatenate([*known, np.empty(0, np.int64)]), np.array([len(ids) for ids in known], np.int64)

    def _number_corpus(self, texts: Corpus, vocabulary: Vocabulary) -> tuple[IntArray, IntArray]:
        """Look every distinct n-gram up once."""
        firsts, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for first, names, ids in distinct_ngrams(texts, *self.ngram_range):
            found = vocabulary.numbers(names)[ids]
            known = found > 0
            firsts.append(first[known])
            numbers.append(found[known])
        text = np.repeat(np.arange(len(texts)), texts.lengths)[np.concatenate(firsts)]
        order = np.argsort(text, kind="stable")
        return np.concatenate(numbers)[order], np.bincount(text, minlength=len(texts))

    def read(self, weights: Weights, ids: IntArray, lengths: IntArray) -> Array:
        """Count the n-grams of padded texts, weigh them, and classify: (texts, classes)."""
        own, local = distinct(ids, lengths)
        W = rows(weights["W"], own)
        xp = array_namespace(W)
        x = xp.astype(like(_counts(local, lengths, len(own)), W), W.dtype)
        if self.features == "tfidf":
            x = x * xp.take(weights["idf"], like(own, W), axis=0)
            norm = xp.sqrt(xp.sum(x * x, axis=1, keepdims=True))
            x = x / xp.where(norm == 0, xp.ones_like(norm), norm)
        return x @ W + weights["b"]


def _counts(ids: IntArray, lengths: IntArray, words: int) -> IntArray:
    """Count each id in each text: (texts, words)."""
    texts = np.repeat(np.arange(len(ids)), lengths)
    true = ids[np.arange(ids.shape[1]) < lengths[:, None]]
    return np.bincount(texts * words + true, minlength=len(ids) * words).reshape(len(ids), words)
