"""Texts (texts, length) of several lengths → the same texts aligned at their ends, which are reached at once.

Slot s of width W holds the word s - (W - T) of a text of T words, and nothing before the text begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from unrolled.arrays import IntArray
from unrolled.kernels.arrays import rows, with_zero_row


@dataclass(frozen=True)
class Alignment:
    """Where the words of texts stand that end together; x is always (texts, width, size)."""

    lengths: IntArray

    @cached_property
    def width(self) -> int:
        """The slots: as many as the longest text has words, and at least one."""
        return max(1, int(self.lengths.max(initial=0)))

    @cached_property
    def words(self) -> IntArray:
        """The word that stands in each slot, (texts, width); negative where the text hasn't begun."""
        return np.arange(self.width) - (self.width - self.lengths[:, None])

    @cached_property
    def true(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether a word stands in each slot, (texts, width)."""
        return self.words >= 0

    def look_up(self, table: torch.Tensor, ids: IntArray) -> torch.Tensor:
        """Copy each word's row of the table to its slot, zeros where there is none."""
        found = ids[np.arange(len(ids))[:, None], np.maximum(self.words, 0)]
        return rows(with_zero_row(table), np.where(self.true, found, len(table)))  # type: ignore[no-any-return]

    def mirrored(self, x: torch.Tensor) -> torch.Tensor:
        """Turn every text round in its own slots."""
        turned = 2 * self.width - self.lengths[:, None] - 1 - np.arange(self.width)
        return _picked(x, np.where(self.true, turned, 0))

    def from_the_left(self, x: torch.Tensor) -> torch.Tensor:
        """Align all texts at their beginnings again."""
        slots = np.arange(self.width) + self.width - self.lengths[:, None]
        return _picked(x, np.minimum(slots, self.width - 1))


def _picked(x: torch.Tensor, slots: IntArray) -> torch.Tensor:
    return x[torch.arange(len(x))[:, None], torch.from_numpy(slots)]
