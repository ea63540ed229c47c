"""Word vectors → their mean over the text's words, then a feed-forward network: (texts, hidden). Loses word order.

    a = (x_1 + … + x_T) / T,    h = relu(a W + b), once per layer; without layers the mean itself

A text without words has the mean 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from unrolled.model.layers.averaging import Averaging


@dataclass(frozen=True, kw_only=True)
class Average(Averaging):
    """Averaged embeddings + DNN."""

    order_sensitive: ClassVar[bool] = False
    receptive_field: ClassVar[int | None] = 1
