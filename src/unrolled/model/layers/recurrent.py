"""Projected words → one vector a text: what rnn, lstm and gru share, so that each file holds only its step.

Per layer and direction: U x_t + b for all words at once, then the walk h_t = step(U x_t + b, h_{t-1}), h_0 = 0. Layer l
reads the states of layer l-1 (stacked); a second network reads from the right and both are joined (bidirectional). Of
all states each number's highest is handed on, or their mean, or, as in the lecture's picture, the last state, where a
direction has read the whole text (docs/decisions/0012-defaults.md). A text without words gives zeros, whatever the
pooling.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels import dispatch
from unrolled.kernels.arrays import affine, array_namespace, rows, rows_or_zero
from unrolled.kernels.compiled.library import compiled, count_cudnn
from unrolled.kernels.compiled.recurrent import CellSpec
from unrolled.kernels.cudnn import CudnnSpec
from unrolled.model.encoder import Dropout, no_dropout
from unrolled.model.layers import pooling
from unrolled.model.layers.bidirectional import DIRECTIONS, bidirectional
from unrolled.model.layers.packing import Packing, pack
from unrolled.model.layers.scan import Step
from unrolled.model.weights import Initializer, Weight, Weights, fan_in, select, zeros
from unrolled.settings import Count, Layers


@dataclass(frozen=True, kw_only=True)
class Recurrent(ABC):
    """A recurrent network around its step."""

    input_size: int = 0
    hidden_size: Annotated[Count, "hidden size"] = 128
    num_layers: Annotated[Layers, "number of layers"] = 1
    bidirectional: Annotated[bool, "also read from right to left"] = False
    pooling: Annotated[Literal["last", "mean", "max"], "how the states become one vector; last: as in the lecture"] = (
        "max"
    )

    blocks: ClassVar[tuple[str, ...]]  # columns of U, W and b, each block of hidden_size, by the gate's symbol
    parts: ClassVar[int]  # arrays in the state
    symbols: ClassVar[tuple[str, ...]]  # what a step gives: the state, then the gates
    order_sensitive: ClassVar[bool] = True
    receptive_field: ClassVar[int | None] = None

    @abstractmethod
    def step(self, weights: Weights) -> Step:
        """Make the step from the weights of one layer and direction: W (hidden, blocks x hidden), …."""

    @property
    def cell(self) -> CellSpec | None:
        """Name the compiled form of the step, where there is one."""
        return None

    @property
    def is_compiled(self) -> bool:
        """Whether its step has a compiled form."""
        return self.cell is not None

    @property
    def of_torch(self) -> CudnnSpec | None:
        """Name the network in torch that is this one, where there is one."""
        return None

    def first_bias(self) -> Initializer:
        """Draw the first values of b (blocks x hidden,): zero."""
        return zeros

    def more_weights(self) -> dict[str, Weight]:
        """Declare what the step of a layer and direction has besides U, W and b: nothing."""
        return {}

    @property
    def output_size(self) -> int:
        """Size of the encoding: the hidden size, once for each direction."""
        return self.hidden_size * len(self._directions)

    @property
    def _directions(self) -> tuple[str, ...]:
        return DIRECTIONS if self.bidirectional else DIRECTIONS[:1]

    def weights(self) -> dict[str, Weight]:
        """Declare U, W and b of every layer and direction."""
        declared: dict[str, Weight] = {}
        columns = len(self.blocks) * self.hidden_size
        for layer in range(self.num_layers):
            inputs = self.output_size if layer else self.input_size
            for direction in self._directions:
                own = {
                    "U": Weight((inputs, columns), fan_in(self.hidden_size)),
                    "W": Weight((self.hidden_size, columns), fan_in(self.hidden_size)),
                    "b": Weight((columns,), self.first_bias()),
                    **self.more_weights(),
                }
                declared |= {f"{layer}.{direction}.{symbol}": weight for symbol, weight in own.items()}
        return declared

    def empty_encoding(self, weights: Weights) -> Array:
        """Return zeros: there is no state to pool."""
        del weights
        return np.zeros(self.output_size)

    def project_tokens(self, weights: Weights, vectors: Array) -> Array:
        """Compute U x + b of the first layer, the directions side by side, unless torch's kernels will do so."""
        return self._inputs(weights, 0, vectors)

    def encode(
        self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout = no_dropout
    ) -> Array:
        """Walk layer by layer over the packed words and pool the last layer's states."""
        packing = pack(lengths, ids.shape[1])
        states = self._layer(weights, 0, projected, ids.reshape(-1)[packing.flat], packing)
        for layer in range(1, self.num_layers):
            states = self._layer(weights, layer, self._inputs(weights, layer, drop(states)), packing.order, packing)
        return self._pool(states, packing, lengths)

    def _fused(self, weights: Weights, layer: int) -> CudnnSpec | None:
        """Choose torch's kernels where they compute this network; `project_tokens` and `encode` must choose alike."""
        network = self.of_torch
        return network if network and count_cudnn(weights[f"{layer}.{DIRECTIONS[0]}.W"]) else None

    def _inputs(self, weights: Weights, layer: int, vectors: Array) -> Array:
        if self._fused(weights, layer):
            return vectors
        U, b = (self._side_by_side(weights, layer, symbol) for symbol in ("U", "b"))
        return affine(vectors, U, b)

    def _side_by_side(self, weights: Weights, layer: int, symbol: str) -> Array:
        parts = [weights[f"{layer}.{direction}.{symbol}"] for direction in self._directions]
        return array_namespace(*parts).concat(parts, axis=-1) if len(parts) > 1 else parts[0]

    def _layer(self, weights: Weights, layer: int, inputs: Array, ids: IntArray, packing: Packing) -> Array:
        """Walk over the words, whose inputs are looked up by ids: by a kernel, compiled or torch's, or step by step."""
        own = [select(weights, f"{layer}.{direction}") for direction in self._directions]
        if network := self._fused(weights, layer):
            return dispatch.cudnn_scan(network, rows(inputs, ids), packing.active.tolist(), own)
        recurring = [{name: side[name] for name in ("W", *self.more_weights())} for side in own]
        cell, library = self.cell, compiled(inputs, *(array for side in recurring for array in side.values()))
        if cell and library and len(packing.active):
            orders = (packing.order, packing.mirror)[: len(own)]
            return dispatch.scan(library, cell, inputs, ids, orders, packing.active, recurring)
        columns, inputs = len(self.blocks) * self.hidden_size, rows(inputs, ids)
        sides = [inputs[:, side * columns : (side + 1) * columns] for side in range(len(own))]
        return bidirectional(list(map(self.step, own)), sides, packing, self.hidden_size, self.parts)

    def _pool(self, states: Array, packing: Packing, lengths: IntArray) -> Array:
        if self.pooling == "last":
            ends = (packing.last, packing.first)[: len(self._directions)]  # each direction's own end
            sides = [
                rows_or_zero(states[:, side * self.hidden_size : (side + 1) * self.hidden_size], end)
                for side, end in enumerate(ends)
            ]
            return array_namespace(states).concat(sides, axis=1)
        pool = pooling.mean_of_rows if self.pooling == "mean" else pooling.maximum_of_rows
        return pool(states, packing.padded, lengths)
