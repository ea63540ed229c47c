"""Vectors of words and of hashed n-grams → their mean, then a feed-forward network: (texts, hidden). Local order only.

    "Bob likes Alice" → {Bob, likes, Alice, Bob likes, likes Alice}      for ngram_range 1,2
    a = mean of their vectors,    h = relu(a W + b), once per layer; without layers the mean itself

Single words have the vocabulary's vectors; an n-gram of more words has the vector in the bucket that it hashes to
(`unrolled.text.ngrams`), as in fastText (Joulin et al. 2017). A text without n-grams has the mean 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from unrolled.errors.settings import backwards
from unrolled.model.layers.averaging import Averaging
from unrolled.settings import Interval


@dataclass(frozen=True, kw_only=True)
class Ngrams(Averaging):
    """Averaged embeddings of n-grams, as they are or + DNN: pairs of words say what layers find out from words."""

    num_layers: Annotated[int, Interval(0, 100)] = 0
    ngram_range: Annotated[
        tuple[Annotated[int, Interval(1, 100)], Annotated[int, Interval(1, 100)]],
        "shortest and longest n-gram, in words",
    ] = (1, 2)
    buckets: Annotated[int, Interval(1, 100_000_000), "number of rows for hashed n-grams"] = 100_000

    def __post_init__(self) -> None:
        """Refuse a range whose end is before its beginning."""
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
