"""Lengths of texts (texts,) → the packed order, in which a walk over time never meets padding.

Packed, the words stand step by step, within a step the longest text first; at step t the first `active[t]` texts
still have a word, so the active rows shrink. All entries are indices; `nothing`, the number of words, stands for what
isn't there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unrolled.arrays import IntArray


@dataclass(frozen=True)
class Packing:
    """Where each word of a batch stands when packed."""

    active: IntArray  # (steps,) texts alive at each step
    order: IntArray  # (words,) the packed places themselves, as a walk from the left meets them
    flat: IntArray  # (words,) packed place → place in the padded batch, read row by row
    mirror: IntArray  # (words,) packed place → packed place of the mirrored word of the same text
    padded: IntArray  # (texts, width) place in the padded batch → packed place, or nothing
    first: IntArray  # (texts,) packed place of each text's first word, or nothing
    last: IntArray  # (texts,) packed place of each text's last word, or nothing


def pack(lengths: IntArray, width: int) -> Packing:
    """Sort texts by length and lay their words out step by step."""
    if len(lengths) == 1:
        return _alone(int(lengths[0]), width)
    order = np.argsort(-lengths, kind="stable")
    steps = np.arange(int(lengths.max(initial=0)))
    active = (lengths[:, None] > steps).sum(0)
    starts = np.concatenate([[0], np.cumsum(active)]).astype(np.int64)
    nothing = int(starts[-1])
    rank = np.argsort(order, kind="stable")
    step = np.repeat(steps, active)
    row = order[np.arange(nothing) - starts[step]]
    padded = np.full((len(lengths), width), nothing)
    padded[row, step] = np.arange(nothing)
    last = np.where(lengths > 0, starts[np.maximum(lengths - 1, 0)] + rank, nothing)
    first = np.where(lengths > 0, rank, nothing)
    mirror = padded[row, lengths[row] - 1 - step]
    return Packing(active, np.arange(nothing), row * width + step, mirror, padded, first, last)


def _alone(length: int, width: int) -> Packing:
    """Lay out one text, whose words stand as they are: this takes a fifth of the time."""
    order = np.arange(length)
    padded = np.full((1, width), length)
    padded[0, :length] = order
    first, last = np.zeros(1, np.int64), np.array([max(0, length - 1)])
    return Packing(np.ones(length, np.int64), order, order, order[::-1].copy(), padded, first, last)
