"""Vectors of the first n words → one long vector, then a feed-forward network: (texts, hidden). Reads n words, no more.

    h = relu([x_1; …; x_n] W + b), once per layer; without layers [x_1; …; x_n] itself

The first W is tied to n, `max_length`: a longer text is cut, a shorter one filled up with zeros, which a text without
words has alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels.arrays import array_namespace
from unrolled.model.encoder import Dropout, no_dropout
from unrolled.model.layers import feed_forward
from unrolled.model.layers.gather_padded import gather_padded
from unrolled.model.weights import Weight, Weights
from unrolled.settings import Count, Interval

LARGEST = 1 << 24  # numbers that are put side by side at once


@dataclass(frozen=True, kw_only=True)
class Concatenate:
    """Concatenated embeddings + DNN."""

    input_size: int = 0
    max_length: Annotated[int, Interval(1, 100_000), "maximum number of words that are read"] = 50
    hidden_size: Count = 100
    num_layers: Annotated[int, Interval(0, 100)] = 1

    order_sensitive: ClassVar[bool] = True

    @property
    def receptive_field(self) -> int | None:
        """The words that are read."""
        return self.max_length

    @property
    def output_size(self) -> int:
        """Size of the last layer, or of all vectors together where there are no layers."""
        return self.hidden_size if self.num_layers else self.max_length * self.input_size

    def weights(self) -> dict[str, Weight]:
        """Declare the feed-forward network."""
        return feed_forward.weights(self.max_length * self.input_size, self.hidden_size, self.num_layers)

    def empty_encoding(self, weights: Weights) -> Array:
        """Return the layers' answer to zeros."""
        return feed_forward.of_zeros(weights, self.max_length * self.input_size, self.num_layers)

    def project_tokens(self, weights: Weights, vectors: Array) -> Array:
        """Leave the words as they are: each place has columns of its own in W."""
        del weights
        return vectors

    def encode(
        self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout = no_dropout
    ) -> Array:
        """Concatenate the first words, then the layers; in groups of texts, so that memory stays bounded."""
        group = max(1, LARGEST // (self.max_length * self.input_size))
        starts = range(0, max(1, len(ids)), group)
        parts = [(ids[start : start + group], lengths[start : start + group]) for start in starts]
        read = [self._read(weights, projected, *part, drop) for part in parts]
        return array_namespace(projected).concat(read) if len(read) > 1 else read[0]

    def _read(self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout) -> Array:
        ids_read = ids[:, : self.max_length]
        ids = np.pad(ids_read, ((0, 0), (0, self.max_length - ids_read.shape[1])))
        vectors = gather_padded(projected, ids, np.minimum(lengths, self.max_length))
        joined = array_namespace(vectors).reshape(vectors, (len(ids), self.max_length * self.input_size))
        return feed_forward.feed_forward(weights, joined, self.num_layers, drop)
