"""Word vectors → the states of a small Transformer encoder (Vaswani et al. 2017), pooled: (texts, hidden).

    x_t = W x_t + g * p_t,   p_t[2i] = sin(t / 10000^(2i / hidden)),   p_t[2i + 1] = cos(t / 10000^(2i / hidden))
    x   = x + attention(norm(x)),   x = x + W2 relu(W1 norm(x) + b1) + b2           once per layer, then norm(x)

With norm_first False each sum is normalised instead, as in the paper. Keys have no bias: the softmax doesn't feel it.
Cost and memory grow with the square of a text's length. A text without words gives zeros, whatever the pooling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.errors.settings import not_divisible
from unrolled.kernels.arrays import array_namespace, like, relu
from unrolled.model.encoder import Dropout, no_dropout
from unrolled.model.layers import layer_norm, pooling
from unrolled.model.layers.attention import attention
from unrolled.model.layers.gather_padded import gather_padded, padding_mask
from unrolled.model.layers.positions import sinusoids
from unrolled.model.weights import Weight, Weights, constant, fan_in, glorot, merge, select, zeros
from unrolled.settings import Count, Interval, Layers


@dataclass(frozen=True, kw_only=True)
class Transformer:
    """Self-attention over the words, in layers."""

    input_size: int = 0
    hidden_size: Annotated[int, Interval(4, 2**31 - 1)] = 128  # of fewer numbers a norm leaves little
    num_layers: Layers = 1
    num_heads: Annotated[Count, "number of attention heads; must divide hidden_size"] = 4
    dim_feedforward: Annotated[Count, "size of the feed-forward layers"] = 256
    norm_first: Annotated[bool, "normalize before attention and feed-forward layers instead of after"] = True
    pooling: Literal["mean", "max"] = "mean"

    order_sensitive: ClassVar[bool] = True
    receptive_field: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        """Refuse heads that don't divide the hidden size."""
        if self.hidden_size % self.num_heads:
            raise not_divisible("num_heads", self.num_heads, "hidden_size", self.hidden_size)

    @property
    def output_size(self) -> int:
        """The hidden size."""
        return self.hidden_size

    def error_growth(self, words: int) -> float:
        """Each layer divides by a spread that may be less than 1, twice."""
        del words
        return 2.0**self.num_layers

    def weights(self) -> dict[str, Weight]:
        """Declare the projection, the gain of positions, every layer, and the last norm."""
        size = self.hidden_size
        layers = {str(layer): self._layer() for layer in range(self.num_layers)}
        last = {"norm": layer_norm.weights(size)} if self.norm_first else {}
        first = {"W": Weight((self.input_size, size), fan_in(self.input_size)), "g": Weight((size,), constant(0.1))}
        return {**first, **merge(**layers, **last)}

    def _layer(self) -> dict[str, Weight]:
        size, wide = self.hidden_size, self.dim_feedforward
        square, b = Weight((size, size), glorot(size, size)), Weight((size,), zeros)
        return merge(
            query={"W": square, "b": b},
            key={"W": square},
            value={"W": square, "b": b},
            output={"W": square, "b": b},
            linear1={"W": Weight((size, wide), fan_in(size)), "b": Weight((wide,), zeros)},
            linear2={"W": Weight((wide, size), fan_in(wide)), "b": b},
            norm1=layer_norm.weights(size),
            norm2=layer_norm.weights(size),
        )

    def empty_encoding(self, weights: Weights) -> Array:
        """Return zeros: there is no state to pool."""
        del weights
        return np.zeros(self.output_size)

    def project_tokens(self, weights: Weights, vectors: Array) -> Array:
        """Compute W x."""
        return vectors @ weights["W"]

    def encode(
        self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout = no_dropout
    ) -> Array:
        """Add the positions, pass the layers, and pool the states."""
        xp = array_namespace(projected)
        positions = xp.astype(like(sinusoids(ids.shape[1], self.hidden_size), projected), projected.dtype)
        x = gather_padded(projected, ids, lengths) + weights["g"] * positions
        for layer in range(self.num_layers):
            x = self._pass(select(weights, str(layer)), x, lengths, drop)
        x = layer_norm.layer_norm(select(weights, "norm"), x) if self.norm_first else x
        true = like(padding_mask(lengths, ids.shape[1])[:, :, None], x)
        pool = pooling.mean if self.pooling == "mean" else pooling.maximum
        return pool(xp.where(true, x, 0.0), lengths)

    def _pass(self, weights: Weights, x: Array, lengths: IntArray, drop: Dropout) -> Array:
        """Pass one layer: attention, then the feed-forward network of each word."""

        def attend(x: Array) -> Array:
            queries, values = (_linear(weights, name, x) for name in ("query", "value"))
            mixed = attention(queries, x @ weights["key.W"], values, lengths, self.num_heads)
            return _linear(weights, "output", mixed)

        def feed_forward(x: Array) -> Array:
            return _linear(weights, "linear2", drop(relu(_linear(weights, "linear1", x))))

        for name, layer in (("norm1", attend), ("norm2", feed_forward)):
            norm = select(weights, name)
            if self.norm_first:
                x = x + drop(layer(layer_norm.layer_norm(norm, x)))
            else:
                x = layer_norm.layer_norm(norm, x + drop(layer(x)))
        return x


def _linear(weights: Weights, name: str, x: Array) -> Array:
    return x @ weights[f"{name}.W"] + weights[f"{name}.b"]
