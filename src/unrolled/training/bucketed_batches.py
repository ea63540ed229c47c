"""Lengths of texts (texts,), seed, epoch → the epoch's batches of rows, each of texts of similar length.

The order is a pure function of (seed, epoch): nothing else needs to be kept to go on exactly where a run stopped.
"""

from __future__ import annotations

import numpy as np

from unrolled.arrays import IntArray

POOL = 50  # batches that are sorted together: similar lengths within a batch, chance between batches


def bucketed_batches(lengths: IntArray, batch_size: int, seed: int, epoch: int) -> list[IntArray]:
    """Shuffle the texts, sort each pool of batches by length, cut, and shuffle the batches."""
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(lengths))
    pools = (order[start : start + POOL * batch_size] for start in range(0, len(order), POOL * batch_size))
    by_length = (pool[np.argsort(lengths[pool], kind="stable")] for pool in pools)
    cut = [pool[start : start + batch_size] for pool in by_length for start in range(0, len(pool), batch_size)]
    return [cut[number] for number in random.permutation(len(cut))]
