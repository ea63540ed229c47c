"""Projected words → the mean of the text's vectors, then a feed-forward network: what average and ngrams share.

    a = (x_1 + … + x_T) / T,    h = relu(a W + b), once per layer; without layers the mean itself

A text without words has the mean 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from unrolled.arrays import Array, IntArray
from unrolled.model.encoder import Dropout, no_dropout
from unrolled.model.layers import feed_forward, pooling
from unrolled.model.weights import Weight, Weights
from unrolled.settings import Count, Interval


@dataclass(frozen=True, kw_only=True)
class Averaging:
    """A mean and a DNN."""

    input_size: int = 0
    hidden_size: Count = 100
    num_layers: Annotated[int, Interval(0, 100)] = 1

    is_compiled: ClassVar[bool] = True

    @property
    def output_size(self) -> int:
        """Size of the last layer, or of a vector where there are no layers."""
        return self.hidden_size if self.num_layers else self.input_size

    def weights(self) -> dict[str, Weight]:
        """Declare the feed-forward network."""
        return feed_forward.weights(self.input_size, self.hidden_size, self.num_layers)

    def empty_encoding(self, weights: Weights) -> Array:
        """Return the layers' answer to the mean 0."""
        return feed_forward.of_zeros(weights, self.input_size, self.num_layers)

    def project_tokens(self, weights: Weights, vectors: Array) -> Array:
        """Leave the words as they are: the mean comes first, one product a text is less than one a word."""
        del weights
        return vectors

    def encode(
        self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout = no_dropout
    ) -> Array:
        """Average, then the layers."""
        average = pooling.mean_of_rows(projected, ids, lengths)
        return feed_forward.feed_forward(weights, average, self.num_layers, drop)
