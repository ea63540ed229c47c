"""Texts as sets of word shingles → pairs whose Jaccard similarity |A ∩ B| / |A ∪ B| is at least 4 / 5, measured.

No pair is missed by chance, as MinHash would: put the shingles of all texts in one order, the rare ones first. Two sets
of which 4 / 5 is shared then share one of the first n - ceil(4 n / 5) + 1 of each, n its size (prefix filtering:
Chaudhuri et al. 2006, Bayardo et al. 2007). Whoever shares such a shingle is a candidate, and only what the sets
themselves confirm counts. Where more than `MOST_ALL` share one, not all pairs are made, but one for each text and file
(`large_groups`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import BoolArray, Float64Array, IntArray
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.duplicate_groups import DuplicateGroups
from unrolled.checks.profile.large_groups import OUT_OF, SHARED, Entries, Pairs, cross_out, one_in_each
from unrolled.checks.profile.shingles import Hashes, hashes_of, shingles, sketches
from unrolled.text.corpus import Corpus, gather_corpus

MOST_ALL = 64  # texts of a shingle that are compared all with all
PAIRS = 1 << 15  # that are measured together
MOST_COUNTERS = 1 << 26  # one byte each


def near_pairs(corpus: Corpus, words: Sequence[str], rows: IntArray, files: BoolArray | None = None) -> Pairs:
    """Find near pairs among some rows: left, right, each left < right, and their similarity.

    `files` (rows, files) says which files have the text. A text with a near one in its own files or the first is in a
    pair with such a one of each.
    """
    hashes, chosen = hashes_of(words), corpus.take(rows)
    files = np.ones((len(rows), 1), np.bool_) if files is None else files
    entries, count = _entries(chosen, hashes)
    pairs = list(_of_small(chosen, hashes, entries.of(count <= MOST_ALL)))
    if (count > MOST_ALL).any():
        wanted = files.copy()
        wanted[:, 0] = True
        for found in pairs:
            cross_out(wanted, files, found)
        measured = partial(_measured, chosen, hashes)
        sketch = sketches(chosen, hashes)
        pairs += one_in_each(entries.of(count > MOST_ALL), files, wanted, sketch, measured)
    if not pairs:
        return rows[:0], rows[:0], np.empty(0)
    left, right, similarity = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return rows[left], rows[right], similarity


def all_near_pairs(profile: DatasetProfile) -> Pairs:
    """Find the near pairs of a profile, each among texts that differ after normalising."""
    same = profile.once(DuplicateGroups)
    rows = np.sort(np.unique(same.normal, return_index=True)[1])  # one of the texts that are equal after normalising
    files = np.stack([first[same.normal[rows]] >= 0 for first in same.first_in], axis=1)
    return near_pairs(profile.corpus, same.words, rows, files)


def most_similar(rows: IntArray, others: IntArray, similarity: Float64Array) -> Pairs:
    """Keep of each row's pairs the most similar, of equals the one with the first row."""
    order = np.lexsort((others, -similarity, rows))
    rows, first = np.unique(rows[order], return_index=True)
    return rows, others[order][first], similarity[order][first]


def _entries(corpus: Corpus, hashes: Hashes) -> tuple[Entries, IntArray]:
    """Gather the first shingles of all texts, and count for each how many texts have it among theirs."""
    counters = _counted(corpus, hashes)
    none = np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.int64)
    value, row, size = (np.concatenate(part) for part in zip(none, *_prefixes(corpus, hashes, counters), strict=True))
    entries = Entries(value, row, size).of(np.lexsort((row, size, value)))
    _, place, count = np.unique(entries.value, return_inverse=True, return_counts=True)
    return entries, count[place.reshape(-1)]


def _of_small(corpus: Corpus, hashes: Hashes, entries: Entries) -> Iterator[Pairs]:
    """Compare all with all that share a shingle and aren't too different in size."""
    found = list(_pairs(*entries))
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), np.int64)
    for part in range(0, len(pairs), PAIRS):
        yield _measured(corpus, hashes, *pairs[part : part + PAIRS].T)


def _counted(corpus: Corpus, hashes: Hashes) -> NDArray[np.uint8]:
    """Count the texts of every shingle, up to 255, in counters that several may share: any order will do."""
    wanted = max(1, 2 * int(corpus.lengths.sum()))
    counters = np.zeros(min(MOST_COUNTERS, 1 << wanted.bit_length()), np.uint8)
    for block in corpus.blocks():
        places, times = np.unique(_place(shingles(block, hashes).values, counters), return_counts=True)
        counters[places] = np.minimum(counters[places] + times, 255)
    return counters


def _place(values: Hashes, counters: NDArray[np.uint8]) -> IntArray:
    return (values & np.uint64(len(counters) - 1)).astype(np.int64)


def _prefixes(
    corpus: Corpus, hashes: Hashes, counters: NDArray[np.uint8]
) -> Iterator[tuple[Hashes, IntArray, IntArray]]:
    """Return the first shingles of each text that others may have: value, row and size of the row's set."""
    first_row = 0
    for block in corpus.blocks():
        sets = shingles(block, hashes)
        row = np.repeat(np.arange(len(block)), sets.sizes)
        times = counters[_place(sets.values, counters)]
        order = np.lexsort((sets.values, times, row))
        place = np.arange(len(row)) - sets.starts[row]
        early = place < (sets.sizes + SHARED * sets.sizes // -OUT_OF + 1)[row]
        frequent = order[early & (times[order] > 1)]
        yield sets.values[frequent], row[frequent] + first_row, sets.sizes[row[frequent]]
        first_row += len(block)


def _pairs(value: Hashes, row: IntArray, size: IntArray) -> Iterator[IntArray]:
    """Pair the entries of equal value with those behind them: (pairs, 2), the smaller row first."""
    _, start, count = np.unique(value, return_index=True, return_counts=True)
    end = np.repeat(start + count, count)
    alive = np.arange(len(value))
    for distance in range(1, MOST_ALL):
        alive = alive[alive + distance < end[alive]]
        if not len(alive):
            return
        near = alive[OUT_OF * size[alive] >= SHARED * size[alive + distance]]  # sorted by size: the left is smaller
        yield np.sort(np.stack([row[near], row[near + distance]], axis=1), axis=1)


def _measured(corpus: Corpus, hashes: Hashes, left: IntArray, right: IntArray) -> Pairs:
    """Measure the pairs, and keep those that are near."""
    rows, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    sets = shingles(corpus.take(rows), hashes)
    own, other = place.reshape(2, -1)
    sizes = sets.sizes[own] + sets.sizes[other]
    both = np.concatenate([gather_corpus(sets.values, sets.starts[side], sets.sizes[side]) for side in (own, other)])
    pair = np.concatenate([np.repeat(np.arange(len(left)), sets.sizes[side]) for side in (own, other)])
    order = np.lexsort((both, pair))
    both, pair = both[order], pair[order]
    twice = (both[1:] == both[:-1]) & (pair[1:] == pair[:-1])
    shared = np.bincount(pair[1:][twice], minlength=len(left))
    near = OUT_OF * shared >= SHARED * (sizes - shared)
    return left[near], right[near], shared[near] / (sizes - shared)[near]
