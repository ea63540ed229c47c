"""Word vectors → the strongest answer of every filter anywhere in the text (Kim 2014): (texts, sizes x filters).

    v_i = sum_{j=1..k} sum_{m=1..d} W[m, j] x_{i+j-1}[m],    i = 1 … T-k+1        for every filter W of size k
    h   = relu(max_i v_i + b) = max_i relu(v_i + b)

Computed as taps: T_j[w] = x_w W[:, j] once for every distinct word, then v_i = sum_j T_j[w_{i+j-1}]. In several layers
each slides over the outputs relu(v_i + b) of the one below, W(2) in R^{F1 x k}, sizes in parallel towers; the maximum
is taken of the last, so that a filter of size k sees 1 + layers (k - 1) words. Windows never straddle the end. A text
shorter than a filter has one window, the missing words being zero vectors (as the missing outputs are for the layer
above), so that a text without words gives relu(b) in one layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from unrolled.arrays import Array, IntArray
from unrolled.kernels.arrays import array_namespace, relu
from unrolled.model.encoder import Dropout, no_dropout
from unrolled.model.layers import convolution, pooling
from unrolled.model.layers.conv_max_pool import max_over_time
from unrolled.model.weights import Weight, Weights, fan_in, zeros
from unrolled.settings import Count, Interval, Layers


@dataclass(frozen=True, kw_only=True)
class CNN:
    """Convolution over the words with filters of several sizes, and their maximum over time."""

    input_size: int = 0
    filter_sizes: Annotated[tuple[Annotated[int, Interval(1, 1000)], ...], "filter sizes, in words"] = (2, 3, 4)
    num_filters: Annotated[Count, "filters of each size"] = 100
    num_layers: Layers = 1

    @property
    def output_size(self) -> int:
        """One number for every filter of every size."""
        return len(self.filter_sizes) * self.num_filters

    @property
    def order_sensitive(self) -> bool:
        """A filter of size 1 sees no order."""
        return max(self.filter_sizes) > 1

    @property
    def receptive_field(self) -> int | None:
        """Words that a filter of the last layer sees."""
        return 1 + self.num_layers * (max(self.filter_sizes) - 1)

    @property
    def is_compiled(self) -> bool:
        """A kernel finds the strongest windows of a single layer."""
        return self.num_layers == 1

    def weights(self) -> dict[str, Weight]:
        """Declare the filters of every layer and size, (size, inputs, filters): a matrix for every tap."""
        declared = {}
        for layer in range(self.num_layers):
            inputs = self.num_filters if layer else self.input_size
            for tower, size in enumerate(self.filter_sizes):
                declared[f"{layer}.{tower}.W"] = Weight((size, inputs, self.num_filters), fan_in(size * inputs))
                declared[f"{layer}.{tower}.b"] = Weight((self.num_filters,), zeros)
        return declared

    def empty_encoding(self, weights: Weights) -> Array:
        """Return relu(b) of the first layer, each layer above having one window that begins with the output below."""
        outputs = []
        for tower in range(len(self.filter_sizes)):
            h = relu(weights[f"0.{tower}.b"])
            for layer in range(1, self.num_layers):
                h = relu(h @ weights[f"{layer}.{tower}.W"][0] + weights[f"{layer}.{tower}.b"])
            outputs.append(h)
        return array_namespace(*outputs).concat(outputs)

    def project_tokens(self, weights: Weights, vectors: Array) -> Array:
        """Compute every tap of every filter for every word: (words, input_size) → (words, taps x filters)."""
        towers = [weights[f"0.{tower}.W"] for tower in range(len(self.filter_sizes))]
        taps = [tower[tap] for tower, size in zip(towers, self.filter_sizes, strict=True) for tap in range(size)]
        return vectors @ array_namespace(vectors).concat(taps, axis=1)

    def encode(
        self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout = no_dropout
    ) -> Array:
        """Keep the strongest window of every filter of the last layer."""
        concat, highest, start = array_namespace(projected).concat, [], 0
        biases = [weights[f"0.{tower}.b"] for tower in range(len(self.filter_sizes))]
        if self.num_layers == 1:
            return relu(max_over_time(projected, ids, lengths, self.filter_sizes) + concat(biases, axis=0))
        for tower, size in enumerate(self.filter_sizes):
            taps = projected[:, start : start + size * self.num_filters]
            outputs = relu(convolution.over_words(taps, ids, lengths, size) + biases[tower])
            highest.append(self._deeper(weights, tower, outputs, convolution.windows(lengths, size), drop))
            start += size * self.num_filters
        return concat(highest, axis=1)

    def _deeper(self, weights: Weights, tower: int, outputs: Array, lengths: IntArray, drop: Dropout) -> Array:
        """Slide the layers above over the first one's outputs, this many a text, and take the maximum of the last."""
        for layer in range(1, self.num_layers):
            filters, b = weights[f"{layer}.{tower}.W"], weights[f"{layer}.{tower}.b"]
            outputs = relu(convolution.over_vectors(filters, drop(outputs), lengths) + b)
            lengths = convolution.windows(lengths, self.filter_sizes[tower])
        return pooling.maximum(outputs, lengths)
