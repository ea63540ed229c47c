"""Ids → word vectors (words, channels x embedding_dim): random or given; static, tuned, or both side by side.

Both at once are Kim's (2014) two channels: the same first vectors, one copy tuned and one kept, each word's two vectors
joined, which for a filter means that the answers on the two channels are added. The unknown word begins at 0,
unless it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from unrolled.arrays import AnyArray, Array
from unrolled.kernels.arrays import array_namespace
from unrolled.model.weights import Weight, Weights
from unrolled.text.text_config import Channels

Vectors: TypeAlias = Mapping[str, AnyArray]


def channel_names(channels: Channels) -> list[str]:
    """Name the tables in the order in which they are joined."""
    return channels.split("+")


def weights(words: int, embedding_dim: int, channels: Channels) -> dict[str, Weight]:
    """Declare a table for every channel."""
    return {name: Weight((words, embedding_dim), _random) for name in channel_names(channels)}


def given(
    vocabulary: Sequence[str], vectors: Vectors, embedding_dim: int, seed: int, *, rows: int | None = None
) -> AnyArray:
    """Take the words' given vectors; a row without a word or vector gets random ones of their spread."""
    found = {row: vectors[word] for row, word in enumerate(vocabulary) if word in vectors}
    deviation = float(np.std(list(found.values()))) if found else 1.0
    table = _random(np.random.default_rng(seed), (rows or len(vocabulary), embedding_dim)) * deviation / _DEVIATION
    for row, vector in found.items():
        table[row] = vector
    return table.astype("f4")


def embed(weights: Weights, channels: Channels) -> Array:
    """Join the channels' vectors of all words in the tables: (words, channels x embedding_dim)."""
    tables = [weights[name] for name in channel_names(channels)]
    return array_namespace(*tables).concat(tables, axis=1) if len(tables) > 1 else tables[0]


_DEVIATION = 0.02  # small: a rare word should hardly count before it is learnt (docs/experiments.md)


def _random(random: np.random.Generator, shape: tuple[int, ...]) -> AnyArray:
    table = random.standard_normal(shape, np.float32)  # twice as fast as in float64, and half as much memory
    table *= _DEVIATION
    table[0] = 0.0
    return table
