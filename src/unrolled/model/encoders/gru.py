"""Word vectors → the states of a gated recurrent unit (Cho et al. 2014), pooled: (texts, hidden).

r_t  = sigma(W(r) h_{t-1} + U(r) x_t + b(r))        reset gate
z_t  = sigma(W(z) h_{t-1} + U(z) x_t + b(z))        update gate
h~_t = tanh (W (r_t * h_{t-1}) + U x_t + b)         candidate
h_t  = (1 - z_t) * h_{t-1} + z_t * h~_t

With reset "after" the candidate is tanh(r_t * (W h_{t-1} + c) + U x_t + b), which is torch's GRU (there z_t and 1 - z_t
are exchanged) and another model. With update_gate "tanh" z_t is as the slide prints it, by mistake: it may be negative,
1 - z_t reaches 2, so that h may double at every word; after some 130 words float32 overflows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from unrolled.arrays import Array
from unrolled.kernels.arrays import array_namespace, sigmoid
from unrolled.kernels.compiled.recurrent import CellSpec
from unrolled.kernels.cudnn import CudnnSpec
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.layers.scan import State, Step
from unrolled.model.weights import Weight, Weights, zeros


@dataclass(frozen=True, kw_only=True)
class GRU(Recurrent):
    """Its reset gate acts before the product with W, as in the lecture, or after it."""

    reset: Annotated[
        Literal["before", "after"], "apply the reset gate before the product with W, or after it as torch does"
    ] = "before"
    update_gate: Annotated[
        Literal["sigmoid", "tanh"], "tanh is the slide's misprint, which overflows on texts of some 130 words"
    ] = "sigmoid"

    blocks: ClassVar[tuple[str, ...]] = ("r", "z", "h")
    parts: ClassVar[int] = 1
    symbols: ClassVar[tuple[str, ...]] = ("h", "r", "z", "h~")

    @property
    def cell(self) -> CellSpec | None:
        """Saves r, z, h~, and with reset after the product W h + c."""
        saved, variant = 3 + (self.reset == "after"), int(self.update_gate == "tanh")
        return CellSpec(f"gru_{self.reset}", len(self.blocks), saved, variant)

    @property
    def of_torch(self) -> CudnnSpec | None:
        """The same with reset after and a logistic update gate, of which torch has 1 - z; the lecture's is another."""
        same = self.reset == "after" and self.update_gate == "sigmoid"
        return CudnnSpec("gru", order=(0, 1, 2), negated=(1,)) if same else None

    def error_growth(self, words: int) -> float:
        """With the slide's update gate 1 - z reaches 2: each word may double what was rounded before."""
        return 2.0**words if self.update_gate == "tanh" else 1.0

    def more_weights(self) -> dict[str, Weight]:
        """Declare c, the candidate's bias inside the reset, where that comes after the product."""
        return {"c": Weight((self.hidden_size,), zeros)} if self.reset == "after" else {}

    def step(self, weights: Weights) -> Step:
        """One word further: (U x_t + b, (h,)) → (h, r, z, h~)."""
        W, size = weights["W"], self.hidden_size
        gates, candidate, xp = W[:, : 2 * size], W[:, 2 * size :], array_namespace(W)
        update = sigmoid if self.update_gate == "sigmoid" else xp.tanh

        def gru_step(x: Array, state: State) -> State:
            (h,) = state
            a = x[:, : 2 * size] + h @ gates
            r, z = sigmoid(a[:, :size]), update(a[:, size:])
            past = (r * h) @ candidate if self.reset == "before" else r * (h @ candidate + weights["c"])
            new = xp.tanh(x[:, 2 * size :] + past)
            return (1 - z) * h + z * new, r, z, new

        return gru_step
