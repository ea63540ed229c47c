"""Texts as sets of word shingles → all pairs whose Jaccard similarity |A ∩ B| / |A ∪ B| is at least 4 / 5, measured.

A shingle is three words in a row, normalised. No pair is missed by chance, as MinHash would: put the shingles of all
texts in one order, the rare ones first. Two sets of which 4 / 5 is shared then share one of the first
n - ceil(4 n / 5) + 1 of each, n its size (prefix filtering: Chaudhuri et al. 2006, Bayardo et al. 2007). Whoever shares
such a shingle is a candidate, and only what the sets themselves confirm is told. In a group of more than `MOST_ALL`
candidates, which only texts made from one template give, each is compared with the `MOST_NEXT` next by size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from unrolled.data.check.finding import Floats
from unrolled.model.corpus import Corpus, gathered
from unrolled.model.encoder import Integers

WORDS = 3  # of a shingle
SHARED, OUT_OF = 4, 5
MOST_ALL, MOST_NEXT = 64, 16
PAIRS = 1 << 15  # that are measured together
MOST_COUNTERS = 1 << 26  # one byte each

Hashes: TypeAlias = NDArray[np.uint64]
Pairs: TypeAlias = tuple[Integers, Integers, Floats]


class Sets(NamedTuple):
    """Sets of shingles, one behind another: set n is values[starts[n] : starts[n] + sizes[n]], sorted."""

    values: Hashes
    starts: Integers
    sizes: Integers


def near_pairs(corpus: Corpus, words: Sequence[str], rows: Integers) -> Pairs:
    """Find all near pairs among some rows: left, right, each left < right, and their similarity."""
    hashes = hashes_of(words)
    left, right = _candidates(corpus, hashes, rows)
    kept = [_measured(corpus, hashes, left[n : n + PAIRS], right[n : n + PAIRS]) for n in range(0, len(left), PAIRS)]
    if not kept:
        return left, right, np.empty(0)
    left, right, similarity = (np.concatenate(part) for part in zip(*kept, strict=True))
    return left, right, similarity


def hashes_of(words: Sequence[str]) -> Hashes:
    """Number words by themselves, 0 being the empty one."""
    numbers = (
        hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest() if word else bytes(8)
        for word in words
    )
    return np.frombuffer(b"".join(numbers), "<u8").astype(np.uint64)


def shingles(corpus: Corpus, hashes: Hashes) -> Sets:
    """Give every text's set; one with fewer than three words has none."""
    flat = hashes[corpus.flat]
    text = np.repeat(np.arange(len(corpus)), corpus.lengths)
    text, flat = text[flat != 0], flat[flat != 0]
    whole = text[: len(text) - WORDS + 1] == text[WORDS - 1 :]
    mixed = np.zeros(len(whole), np.uint64)
    for place in range(WORDS):
        mixed = _mix(mixed + flat[place : place + len(whole)])
    text, mixed = text[: len(whole)][whole], mixed[whole]
    order = np.lexsort((mixed, text))
    text, mixed = text[order], mixed[order]
    new = np.ones(len(text), np.bool_)
    new[1:] = (text[1:] != text[:-1]) | (mixed[1:] != mixed[:-1])
    sizes = np.bincount(text[new], minlength=len(corpus))
    return Sets(mixed[new], np.cumsum(sizes) - sizes, sizes)


def _mix(x: Hashes) -> Hashes:
    """Scatter numbers (the finalizer of splitmix64), so that the order of three words counts."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _candidates(corpus: Corpus, hashes: Hashes, rows: Integers) -> tuple[Integers, Integers]:
    """Pair the rows that share one of their first shingles and aren't too different in size."""
    chosen = corpus.take(rows)
    counters = _counted(chosen, hashes)
    prefixes = list(_prefixes(chosen, hashes, counters))
    if not prefixes:
        return rows[:0], rows[:0]
    value, row, size = (np.concatenate(part) for part in zip(*prefixes, strict=True))
    order = np.lexsort((row, size, value))
    value, row, size = value[order], row[order], size[order]
    found = list(_pairs(value, row, size))
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), np.int64)
    return rows[pairs[:, 0]], rows[pairs[:, 1]]


def _counted(corpus: Corpus, hashes: Hashes) -> NDArray[np.uint8]:
    """Count the texts of every shingle, up to 255, in counters that several may share: any order will do."""
    wanted = max(1, 2 * int(corpus.lengths.sum()))
    counters = np.zeros(min(MOST_COUNTERS, 1 << wanted.bit_length()), np.uint8)
    for block in corpus.blocks():
        places, times = np.unique(_place(shingles(block, hashes).values, counters), return_counts=True)
        counters[places] = np.minimum(counters[places] + times, 255)
    return counters


def _place(values: Hashes, counters: NDArray[np.uint8]) -> Integers:
    return (values & np.uint64(len(counters) - 1)).astype(np.int64)


def _prefixes(
    corpus: Corpus, hashes: Hashes, counters: NDArray[np.uint8]
) -> Iterator[tuple[Hashes, Integers, Integers]]:
    """Give the first shingles of each text that others may have: value, row and size of the row's set."""
    first_row = 0
    for block in corpus.blocks():
        sets = shingles(block, hashes)
        row = np.repeat(np.arange(len(block)), sets.sizes)
        times = counters[_place(sets.values, counters)]
        order = np.lexsort((sets.values, times, row))
        place = np.arange(len(row)) - sets.starts[row]
        early = place < (sets.sizes + SHARED * sets.sizes // -OUT_OF + 1)[row]
        kept = order[early & (times[order] > 1)]
        yield sets.values[kept], row[kept] + first_row, sets.sizes[row[kept]]
        first_row += len(block)


def _pairs(value: Hashes, row: Integers, size: Integers) -> Iterator[NDArray[np.int64]]:
    """Pair the entries of equal value with those behind them: (pairs, 2), the smaller row first."""
    _, start, count = np.unique(value, return_index=True, return_counts=True)
    end, reach = np.repeat(start + count, count), np.repeat(np.where(count > MOST_ALL, MOST_NEXT, count), count)
    alive = np.arange(len(value))
    for distance in range(1, MOST_ALL + 1):
        alive = alive[(alive + distance < end[alive]) & (reach[alive] >= distance)]
        if not len(alive):
            return
        near = alive[OUT_OF * size[alive] >= SHARED * size[alive + distance]]  # sorted by size: the left is smaller
        yield np.sort(np.stack([row[near], row[near + distance]], axis=1), axis=1)


def _measured(corpus: Corpus, hashes: Hashes, left: Integers, right: Integers) -> Pairs:
    """Measure the pairs, and keep those that are near."""
    rows, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    sets = shingles(corpus.take(rows), hashes)
    own, other = place.reshape(2, -1)
    sizes = sets.sizes[own] + sets.sizes[other]
    both = np.concatenate([gathered(sets.values, sets.starts[side], sets.sizes[side]) for side in (own, other)])
    pair = np.concatenate([np.repeat(np.arange(len(left)), sets.sizes[side]) for side in (own, other)])
    order = np.lexsort((both, pair))
    both, pair = both[order], pair[order]
    twice = (both[1:] == both[:-1]) & (pair[1:] == pair[:-1])
    shared = np.bincount(pair[1:][twice], minlength=len(left))
    near = OUT_OF * shared >= SHARED * (sizes - shared)
    return left[near], right[near], shared[near] / (sizes - shared)[near]
