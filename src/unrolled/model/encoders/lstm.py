"""Word vectors → the states of a long short-term memory (Hochreiter and Schmidhuber 1997), pooled: (texts, hidden).

i_t  = sigma(W(i) h_{t-1} + U(i) x_t + b(i))        how much to write
f_t  = sigma(W(f) h_{t-1} + U(f) x_t + b(f))        how much to keep
o_t  = sigma(W(o) h_{t-1} + U(o) x_t + b(o))        how much to show
C~_t = tanh (W(c) h_{t-1} + U(c) x_t + b(c))        what to write
C_t  = f_t * C_{t-1} + i_t * C~_t                   long-term memory
h_t  = o_t * tanh(C_t)                              short-term memory
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from unrolled.arrays import AnyArray, Array
from unrolled.kernels.arrays import array_namespace, sigmoid
from unrolled.kernels.compiled.recurrent import CellSpec
from unrolled.kernels.cudnn import CudnnSpec
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.layers.scan import State, Step
from unrolled.model.weights import Initializer, Weights
from unrolled.settings import Interval


@dataclass(frozen=True, kw_only=True)
class LSTM(Recurrent):
    """Its forget gate begins open: `forget_gate_bias`."""

    # Jozefowicz et al. 2015
    forget_gate_bias: Annotated[
        float, Interval(), "initial bias of the forget gate; 1 opens it, so that gradients reach far back"
    ] = 1.0

    blocks: ClassVar[tuple[str, ...]] = ("i", "f", "o", "c")
    parts: ClassVar[int] = 2
    symbols: ClassVar[tuple[str, ...]] = ("h", "C", "i", "f", "o", "C~")

    def step(self, weights: Weights) -> Step:
        """One word further: (U x_t + b, (h, C)) → (h, C, i, f, o, C~)."""
        W, size = weights["W"], self.hidden_size
        xp = array_namespace(W)

        def lstm_step(x: Array, state: State) -> State:
            h, C = state
            a = x + h @ W
            gate = sigmoid(a[:, : 3 * size])
            i, f, o = gate[:, :size], gate[:, size : 2 * size], gate[:, 2 * size :]
            candidate = xp.tanh(a[:, 3 * size :])
            C = f * C + i * candidate
            return o * xp.tanh(C), C, i, f, o, candidate

        return lstm_step

    @property
    def cell(self) -> CellSpec | None:
        """Saves i, f, o, C~ and C."""
        return CellSpec("lstm", len(self.blocks), saved=5)

    @property
    def of_torch(self) -> CudnnSpec | None:
        """The same, its gates in the order i, f, C~, o."""
        return CudnnSpec("lstm", order=(0, 1, 3, 2))

    def first_bias(self) -> Initializer:
        """Zero but for the forget gate's block."""

        def draw(_: np.random.Generator, shape: tuple[int, ...]) -> AnyArray:
            bias = np.zeros(shape)
            bias[self.hidden_size : 2 * self.hidden_size] = self.forget_gate_bias
            return bias

        return draw
