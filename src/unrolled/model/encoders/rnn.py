"""Word vectors → the states of a recurrent neural network (Elman 1990), pooled: (texts, hidden).

h_t = sigma(W h_{t-1} + U x_t + b)

The lecture writes sigma: tanh is the usual choice, the logistic function the letter (its slope is at most 1/4, so that
gradients die out the sooner), relu the third.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from unrolled.arrays import Array
from unrolled.kernels.arrays import array_namespace, relu, sigmoid
from unrolled.kernels.compiled.recurrent import CellSpec
from unrolled.kernels.cudnn import CudnnSpec
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.layers.scan import State, Step
from unrolled.model.weights import Weights


@dataclass(frozen=True, kw_only=True)
class RNN(Recurrent):
    """One state, no gates."""

    nonlinearity: Annotated[Literal["tanh", "sigmoid", "relu"], "activation function (sigma in the lecture)"] = "tanh"

    blocks: ClassVar[tuple[str, ...]] = ("h",)
    parts: ClassVar[int] = 1
    symbols: ClassVar[tuple[str, ...]] = ("h",)

    @property
    def cell(self) -> CellSpec | None:
        """Saves nothing but h."""
        return CellSpec("rnn", len(self.blocks), saved=0, variant=("tanh", "sigmoid", "relu").index(self.nonlinearity))

    @property
    def of_torch(self) -> CudnnSpec | None:
        """The same, but for the logistic function, which torch's lacks."""
        networks = {"tanh": CudnnSpec("rnn_tanh"), "relu": CudnnSpec("rnn_relu")}
        return networks.get(self.nonlinearity)

    def step(self, weights: Weights) -> Step:
        """One word further: (U x_t + b, (h,)) → (h,)."""
        W, bend = weights["W"], self._nonlinearity(weights["W"])

        def rnn_step(x: Array, state: State) -> State:
            (h,) = state
            return (bend(x + h @ W),)

        return rnn_step

    def _nonlinearity(self, W: Array) -> Callable[[Array], Array]:
        functions: dict[str, Callable[[Array], Array]] = {
            "tanh": array_namespace(W).tanh,
            "sigmoid": sigmoid,
            "relu": relu,
        }
        return functions[self.nonlinearity]
