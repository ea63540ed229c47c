"""Vectors of words and of hashed n-grams → their mean, then a feed-forward network: (texts, hidden). Local order only.

    "Bob likes Alice" → {Bob, likes, Alice, Bob likes, likes Alice}      for ngram_range 1,2
    a = mean of their vectors,    h = relu(a W + b), once per layer; without layers the mean itself

Single words have the vocabulary's vectors; an n-gram of more words has the vector in the bucket that it hashes to
(`unrolled.model.ngrams`), as in fastText (Joulin et al. 2017). A text without n-grams has the mean 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from unrolled.errors.settings import backwards
from unrolled.kernels.arrays import Array
from unrolled.model.encoder import Drop, Integers, keep
from unrolled.model.layers import feed_forward, pooling
from unrolled.model.layers.spread import spread
from unrolled.model.weights import Weight, Weights
from unrolled.settings import Count, Interval


@dataclass(frozen=True, kw_only=True)
class Ngrams:
    """Averaged embeddings of n-grams + DNN."""

    input_size: int
    ngram_range: Annotated[
        tuple[Annotated[int, Interval(1, 100)], Annotated[int, Interval(1, 100)]],
        "words of the shortest and of the longest n-gram",
    ] = (1, 2)
    buckets: Annotated[int, Interval(1, 100_000_000), "rows that n-grams of several words are hashed to"] = 100_000
    hidden_size: Count = 100
    num_layers: Annotated[int, Interval(0, 100)] = 1

    def __post_init__(self) -> None:
        """Refuse a range whose end lies before its beginning."""
        if self.ngram_range[0] > self.ngram_range[1]:
            raise backwards("ngram_range", self.ngram_range)

    @property
    def receptive_field(self) -> int | None:
        """The longest n-gram."""
        return self.ngram_range[1]

    @property
    def order_sensitive(self) -> bool:
        """Single words have no order, and in one bucket all n-grams are alike."""
        return self.ngram_range[1] > 1 and self.buckets > 1

    @property
    def output_size(self) -> int:
        """Size of the last layer, or of an n-gram's vector where there are no layers."""
        return self.hidden_size if self.num_layers else self.input_size

    def weights(self) -> dict[str, Weight]:
        """Declare the feed-forward network."""
        return feed_forward.weights(self.input_size, self.hidden_size, self.num_layers)

    def project(self, weights: Weights, vectors: Array) -> Array:
        """Leave words and n-grams as they are: the mean comes first."""
        del weights
        return vectors

    def read(self, weights: Weights, projected: Array, ids: Integers, lengths: Integers, drop: Drop = keep) -> Array:
        """Average, then the layers."""
        average = pooling.mean(spread(projected, ids, lengths), lengths)
        return feed_forward.feed_forward(weights, average, self.num_layers, drop)
