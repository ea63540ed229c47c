"""Word vectors and the weights of a recurrent layer → its states after every word, by torch's own recurrent kernels.

torch has rnn with tanh or relu, lstm, and a gru that resets after the product; on a GPU they are cuDNN's. They compute
U x_t + b themselves, for every word where it stands.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class CudnnSpec(NamedTuple):
    """A network as torch has it: its function, our blocks of columns in its order, and those that it has negated."""

    function: Literal["lstm", "gru", "rnn_tanh", "rnn_relu"]
    order: tuple[int, ...] = (0,)
    negated: tuple[int, ...] = ()
