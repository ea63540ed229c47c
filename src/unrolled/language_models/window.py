"""The n - 1 words before (rows, n - 1) → log P(next word) (rows, words): embed, concatenate, hidden layer, softmax.

x = [e(w_{i-n+1}); …; e(w_{i-1})],    h = tanh(x W + b),    P(w_i | w_{i-n+1} … w_{i-1}) = softmax(h U + c)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import AnyArray, Array, Float64Array, IntArray
from unrolled.errors import language_models as errors
from unrolled.kernels.arrays import array_namespace, rows
from unrolled.model import classifier
from unrolled.model.encoder import Dropout, no_dropout
from unrolled.model.weights import Weight, Weights, fan_in, merge, normal, select, zeros

CHUNK, LARGEST = 256, 1 << 24  # rows that are read at once, and numbers: each row has one for every word


@dataclass(frozen=True)
class Window:
    """The network without its weights; `order` is n, at least 2."""

    words: int
    order: int
    embedding_dim: int
    hidden_size: int

    def weights(self) -> dict[str, Weight]:
        """Declare e as `embeddings.e`, W and b as `hidden.…`, U and c as `output.…`."""
        size = (self.order - 1) * self.embedding_dim
        return merge(
            embeddings={"e": Weight((self.words, self.embedding_dim), normal(0.1))},
            hidden={"W": Weight((size, self.hidden_size), fan_in(size)), "b": Weight((self.hidden_size,), zeros)},
            output=classifier.weights(self.hidden_size, self.words),
        )

    def logits(self, weights: Weights, histories: IntArray, *, drop: Dropout = no_dropout) -> Array:
        """Read histories (rows, n - 1) → logits (rows, words); `drop` falls on the hidden layer."""
        vectors = rows(weights["embeddings.e"], histories)  # (rows, n - 1, embedding_dim)
        xp = array_namespace(vectors)
        x = xp.reshape(vectors, (len(histories), -1))
        h = xp.tanh(x @ weights["hidden.W"] + weights["hidden.b"])
        return classifier.classify(select(weights, "output"), drop(h))


@dataclass(frozen=True)
class WindowModel:
    """A trained network in NumPy."""

    network: Window
    weights: Mapping[str, AnyArray]

    def log_probabilities(self, histories: IntArray, words: IntArray) -> Float64Array:
        """Return log P(word | history) of every row: (rows,)."""
        found = np.empty(len(words))
        together = max(1, min(CHUNK, LARGEST // self.network.words))
        for start in range(0, len(words), together):
            chunk = slice(start, start + together)
            table = self._log_softmax(histories[chunk])
            found[chunk] = np.take_along_axis(table, words[chunk, None], axis=1)[:, 0]
        return found

    def distribution(self, history: IntArray) -> Float64Array:
        """Return P(word | history) of every word: (words,)."""
        found: Float64Array = np.exp(self._log_softmax(history[None])[0])
        return found

    def _log_softmax(self, histories: IntArray) -> Float64Array:
        with np.errstate(over="ignore", invalid="ignore"):
            logits = self.network.logits(self.weights, histories).astype("f8")
        if not np.isfinite(logits).all():
            raise errors.no_finite_answer()
        table: Float64Array = classifier.log_softmax(logits)
        return table
