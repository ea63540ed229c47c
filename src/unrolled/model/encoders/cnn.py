"""Word vectors → the strongest answer of every filter anywhere in the text (Kim 2014): (texts, sizes x filters).

    v_i = sum_{j=1..k} sum_{m=1..d} W[m, j] x_{i+j-1}[m],    i = 1 … T-k+1        for every filter W of size k
    h   = relu(max_i v_i + b) = max_i relu(v_i + b)

Computed as taps: T_j[w] = x_w W[:, j] once for every distinct word, then v_i = sum_j T_j[w_{i+j-1}]. Windows never
straddle the end. A text shorter than a filter has one window, the missing words being zero vectors; a text without
words therefore gives relu(b).
"""

from __future__ import annotations

from dataclasses import dataclass

from array_api_compat import array_namespace

from unrolled.kernels.arrays import Array, relu
from unrolled.model.encoder import Drop, Integers, keep
from unrolled.model.layers.max_over_time import max_over_time
from unrolled.model.weights import Weight, Weights, fan_in, zeros
from unrolled.settings import Count


@dataclass(frozen=True, kw_only=True)
class CNN:
    """Convolution over the words with filters of several sizes, and their maximum over time."""

    input_size: int
    filter_sizes: tuple[Count, ...] = (2, 3, 4)
    num_filters: Count = 100

    @property
    def output_size(self) -> int:
        """One number for every filter of every size."""
        return len(self.filter_sizes) * self.num_filters

    @property
    def order_sensitive(self) -> bool:
        """A filter of size 1 sees no order."""
        return max(self.filter_sizes) > 1

    def weights(self) -> dict[str, Weight]:
        """Declare the filters of every size, (size, input_size, filters): a matrix for every tap."""
        declared = {}
        for tower, size in enumerate(self.filter_sizes):
            fan = size * self.input_size
            declared[f"{tower}.W"] = Weight((size, self.input_size, self.num_filters), fan_in(fan))
            declared[f"{tower}.b"] = Weight((self.num_filters,), zeros)
        return declared

    def project(self, weights: Weights, vectors: Array) -> Array:
        """Compute every tap of every filter for every word: (words, input_size) → (words, taps x filters)."""
        towers = [weights[f"{tower}.W"] for tower in range(len(self.filter_sizes))]
        taps = [tower[tap] for tower, size in zip(towers, self.filter_sizes, strict=True) for tap in range(size)]
        return vectors @ array_namespace(vectors).concat(taps, axis=1)

    def read(self, weights: Weights, projected: Array, ids: Integers, lengths: Integers, drop: Drop = keep) -> Array:
        """Keep the strongest window of every filter."""
        del drop
        highest, start = [], 0
        for tower, size in enumerate(self.filter_sizes):
            taps = projected[:, start : start + size * self.num_filters]
            highest.append(max_over_time(taps, ids, lengths, size) + weights[f"{tower}.b"])
            start += size * self.num_filters
        return relu(array_namespace(projected).concat(highest, axis=1))
