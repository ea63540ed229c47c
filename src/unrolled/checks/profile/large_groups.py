"""Shingles that many texts share → for each text a near one in each file, where there is one.

Texts made from one template share their shingles with all others of it: comparing all with all would take the square of
their number. So each text looks for one near text in each file, from its own size on, until the first that the sets
confirm. Sketches rule out most of the others without a look at the sets. A text tries at most `MOST_TRIED` by each
shingle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from unrolled.arrays import BoolArray, Float64Array, IntArray
from unrolled.checks.profile.shingles import Hashes

SHARED, OUT_OF = 4, 5  # of the shingles of two near texts
MAX_ATTEMPTS = 2000
FIRST, MOST = 4, 64  # tries of a text in one go
TOGETHER = 1 << 16  # tries of all

Pairs: TypeAlias = tuple[IntArray, IntArray, Float64Array]


class Entries(NamedTuple):
    """The shingles of texts, sorted by value, the size of the text's set and the text."""

    value: Hashes
    row: IntArray
    size: IntArray

    def of(self, which: IntArray | BoolArray) -> Entries:
        """Choose some."""
        return Entries(self.value[which], self.row[which], self.size[which])


class _Seekers(NamedTuple):
    """Texts that look for a near one at the places first … last - 1 of a file's entries, from `start` on."""

    row: IntArray
    first: IntArray
    last: IntArray
    start: IntArray

    def of(self, which: slice | BoolArray) -> _Seekers:
        return _Seekers(*(part[which] for part in self))

    def next_places(self, n_attempts: int, step: int) -> tuple[IntArray, IntArray]:
        """Return the next places to try, going round: who tries, and where."""
        ahead = n_attempts + np.arange(step)
        count = (self.last - self.first)[:, None]
        who, number = np.nonzero(ahead < np.minimum(count, MAX_ATTEMPTS))
        first, start, count = self.first[who], self.start[who], count[who, 0]
        return self.row[who], first + (start - first + ahead[number]) % count


def one_in_each(
    entries: Entries,
    files: BoolArray,
    wanted: BoolArray,
    sketch: Hashes,
    measured: Callable[[IntArray, IntArray], Pairs],
) -> Iterator[Pairs]:
    """Find a near text for each that wants one, and cross out, (texts, files), what was found.

    `files` (texts, files) says which files have a text; `measured` keeps the near ones of pairs.
    """
    sizes = np.zeros(len(files), np.int64)
    sizes[entries.row] = entries.size
    for file in range(files.shape[1]):
        own = np.flatnonzero(files[entries.row, file])
        others, seekers, n_attempts, step = entries.row[own], _seekers(entries, own, wanted[:, file]), 0, FIRST
        while len(seekers.row):
            for place in range(0, len(seekers.row), TOGETHER // step):
                row, where = seekers.of(slice(place, place + TOGETHER // step)).next_places(n_attempts, step)
                row, where = row[wanted[row, file]], where[wanted[row, file]]
                found = measured(*_candidates(row, others[where], sketch, sizes))
                cross_out(wanted, files, found)
                yield found
            n_attempts, step = n_attempts + step, min(2 * step, MOST)
            alive = (seekers.last - seekers.first > n_attempts) & (n_attempts < MAX_ATTEMPTS)
            seekers = seekers.of(alive & wanted[seekers.row, file])


def cross_out(wanted: BoolArray, files: BoolArray, pairs: Pairs) -> None:
    """Note that both texts of each pair have a near one in the files of the other."""
    for file in range(files.shape[1]):
        for one, other in (pairs[:2], pairs[1::-1]):
            wanted[one[files[other, file]], file] = False


def _seekers(entries: Entries, own: IntArray, wanted: BoolArray) -> _Seekers:
    """Find for every entry of a text that wants one those of its value, in a file, whose size allows to be near."""
    group = np.cumsum(np.diff(entries.value, prepend=entries.value[:1]) != 0)
    key = group * (int(entries.size.max(initial=0)) * OUT_OF + 1)
    of_file, seeking = (key + entries.size)[own], np.flatnonzero(wanted[entries.row])
    size, key = entries.size[seeking], key[seeking]
    first = np.searchsorted(of_file, key - SHARED * size // -OUT_OF)
    last = np.searchsorted(of_file, key + OUT_OF * size // SHARED, "right")
    return _Seekers(entries.row[seeking], first, last, np.searchsorted(own, seeking))


def _candidates(row: IntArray, other: IntArray, sketch: Hashes, sizes: IntArray) -> tuple[IntArray, IntArray]:
    """Keep the pairs, each once, the smaller row first, whose sketches don't rule out that they are near."""
    differ = np.bitwise_count(sketch[row] ^ sketch[other]).sum(axis=1, dtype=np.int64)
    likely = (OUT_OF + SHARED) * differ <= (OUT_OF - SHARED) * (sizes[row] + sizes[other])
    likely &= row != other
    pairs = np.unique(np.sort(np.stack([row[likely], other[likely]], axis=1), axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]
