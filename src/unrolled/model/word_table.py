"""A trained network → what its encoder projects of every word, each word once, filled on first use.

Reading then costs no product with a word: its U x + b, or its taps, are looked up. Words are numbered by how often they
occur, so that a table too small for all holds those that come most often; the others are projected for each batch.
"""

from __future__ import annotations

from functools import cached_property
from mmap import mmap
from threading import Lock

import numpy as np

from unrolled.kernels.arrays import Array
from unrolled.kernels.library import compiled
from unrolled.model.encoder import Integers
from unrolled.model.text_network import TextNetwork
from unrolled.model.vocabulary import distinct
from unrolled.model.weights import Weights, part

MEMORY = 256 * 2**20  # bytes


class WordTable:
    """Reads texts with a network and weights in NumPy that change no more; safe from several threads at once."""

    def __init__(self, network: TextNetwork, weights: Weights, *, memory: int = MEMORY) -> None:
        """Hold at most `memory` bytes of projected words."""
        self.network, self.rows, self.memory = network, network.rows, memory
        self.weights = {name: _frozen(array) for name, array in weights.items()}
        self.filling = Lock()

    def logits(self, ids: Integers, lengths: Integers) -> Array:
        """Read padded texts: ids (texts, length), lengths (texts,) → (texts, classes); IndexError for a wrong id."""
        words = ids[np.arange(ids.shape[1]) < lengths[:, None]]
        if len(words) and not 0 <= words.min() <= words.max() < self.rows:
            raise IndexError(f"ids from {words.min()} to {words.max()}, of {self.rows} words")
        if compiled(*self.weights.values()) is None:
            return self.network.read(self.weights, ids, lengths)  # plain arithmetic would copy the whole table
        if self._vectors is not None:
            return self.network.read_projected(self.weights, self._vectors, ids, lengths)
        if words.max(initial=0) < len(self._table):
            self._fill(words)
            return self.network.read_projected(self.weights, self._table, ids, lengths)
        words, ids = distinct(ids, lengths)
        return self.network.read_projected(self.weights, self._projected(words), ids, lengths)

    @cached_property
    def _vectors(self) -> Array | None:
        """The embedding table itself, where the encoder projects nothing."""
        vectors = self.network.embed(self.weights)
        projected = self.network.encoder.project(part(self.weights, "encoder"), vectors[:1])
        return vectors if np.shares_memory(projected, vectors) else None

    @cached_property
    def _table(self) -> Array:
        """Room for the first words; memory is taken only by those that are filled in."""
        size = self.network.project(self.weights, np.zeros(1, np.int64)).shape[1]
        words = min(self.rows, self.memory // (4 * size))
        if not words:
            return np.empty((0, size), np.float32)
        pages = mmap(-1, 4 * words * size)  # NumPy would ask for pages of 2 MB, and one text's words fill dozens
        return np.frombuffer(pages, np.float32).reshape(words, size)

    @cached_property
    def _filled(self) -> Array:
        return np.zeros(len(self._table), np.bool_)

    def _fill(self, words: Integers) -> None:
        """Project the words that no batch had so far; a word counts as filled only when it is."""
        if self._filled[words].all():
            return
        with self.filling:
            missing = np.unique(words[~self._filled[words]])
            self._table[missing] = self.network.project(self.weights, missing)
            self._filled[missing] = True

    def _projected(self, words: Integers) -> Array:
        """Look up the words that the table holds, and project the others: (words, projected size)."""
        held = words < len(self._table)
        self._fill(words[held])
        projected = np.empty((len(words), self._table.shape[1]), np.float32)
        projected[held] = self._table[words[held]]
        projected[~held] = self.network.project(self.weights, words[~held])
        return projected


def _frozen(array: Array) -> Array:
    """View an array so that nobody can write to it: what is derived of it may be kept."""
    view = array.view()
    view.flags.writeable = False
    return view
