"""A trained network → what its encoder projects of every word, each word once, when it is first met.

Reading then costs no product with a word: its U x + b, or its taps, are looked up. Words stand in the table in the
order in which they are met, so that it takes no more memory than they need, and those that come often lie together. A
table too small for all words is emptied when it is full.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock

import numpy as np

from unrolled.arrays import Array, IntArray
from unrolled.kernels.compiled.checks import check_ids
from unrolled.kernels.compiled.library import compiled
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import Weights, select
from unrolled.text.vocabulary import distinct

MEMORY = 256 * 2**20  # bytes


class _CachedProjections:
    """Rows of words, and each word's place in them, -1 before it is met; who reads one that is replaced reads on."""

    def __init__(self, words: int, rows: int, size: int) -> None:
        """Make room; memory is taken only by rows that are written."""
        self.rows, self.places, self.used = np.empty((rows, size), np.float32), np.full(words, -1), 0


class ProjectionCache:
    """Reads texts with a network and weights in NumPy that change no more; safe from several threads at once."""

    def __init__(self, network: TextNetwork, weights: Weights, *, memory: int = MEMORY) -> None:
        """Hold at most `memory` bytes of projected words."""
        self.network, self.words, self.memory = network, network.rows, memory
        self.weights = {name: _frozen(array) for name, array in weights.items()}
        self.compilable = all(array.dtype == np.float32 for array in self.weights.values())
        self.table: _CachedProjections | None = None
        self.filling = Lock()

    def logits(self, ids: IntArray, lengths: IntArray) -> Array:
        """Read padded texts: ids (texts, length), lengths (texts,) → (texts, classes); IndexError for a wrong id."""
        true = np.arange(ids.shape[1]) < lengths[:, None]
        words = ids[true]
        check_ids(words, self.words)
        if not self.compilable or compiled() is None:
            return self.network.read(self.weights, ids, lengths)  # plain arithmetic would copy the whole table
        if self._vectors is not None:
            return self.network.read_projected(self.weights, self._vectors, ids, lengths)
        table = self._table_of(words)
        if table is None:
            words, ids = distinct(ids, lengths)
            projected = self.network.project_tokens(self.weights, words)
            return self.network.read_projected(self.weights, projected, ids, lengths)
        places = np.zeros(ids.shape, np.int64)
        places[true] = table.places[words]
        return self.network.read_projected(self.weights, table.rows, places, lengths)

    def clear(self) -> None:
        """Forget what was projected: projected in other company, a word may have other last bits."""
        with self.filling:
            self.table = None

    @cached_property
    def _vectors(self) -> Array | None:
        """The embedding table itself, where the encoder projects nothing."""
        vectors = self.network.embed(self.weights)
        projected = self.network.encoder.project_tokens(select(self.weights, "encoder"), vectors[:1])
        return vectors if np.shares_memory(projected, vectors) else None

    @cached_property
    def _shape(self) -> tuple[int, int]:
        """How many words there is room for, and the numbers of each."""
        size = self.network.project_tokens(self.weights, np.zeros(1, np.int64)).shape[1]
        return min(self.words, self.memory // (4 * size)), size

    def _table_of(self, words: IntArray) -> _CachedProjections | None:
        """Return a table in which all the words are; none if there isn't room even for these alone."""
        table = self.table
        if table and (table.places[words] >= 0).all():
            return table
        del table  # it may be full: then its memory is wanted
        with self.filling:
            if self.table:
                missing = np.unique(words[self.table.places[words] < 0])
                if self.table.used + len(missing) <= len(self.table.rows):
                    return self._fill(self.table, missing)
            words = np.unique(words)
            if len(words) > self._shape[0]:
                return None
            self.table = None
            self.table = _CachedProjections(self.words, *self._shape)
            return self._fill(self.table, words)

    def _fill(self, table: _CachedProjections, words: IntArray) -> _CachedProjections:
        """Project words; one has its place only when it is there, for other threads look without waiting."""
        end = table.used + len(words)
        table.rows[table.used : end] = self.network.project_tokens(self.weights, words)
        table.places[words] = np.arange(table.used, end)
        table.used = end
        return table


def _frozen(array: Array) -> Array:
    """View an array so that nobody can write to it: what is derived of it may be kept."""
    view = array.view()
    view.flags.writeable = False
    return view
