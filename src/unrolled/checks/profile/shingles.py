"""Words of texts → sets of shingles, three words in a row each, and sketches that bound how much two sets differ."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import IntArray
from unrolled.text.corpus import Corpus

WORDS = 3  # of a shingle
SKETCH = 8  # numbers of 64 bits

Hashes: TypeAlias = NDArray[np.uint64]


class Sets(NamedTuple):
    """Sets of shingles, one behind another: set n is values[starts[n] : starts[n] + sizes[n]], sorted."""

    values: Hashes
    starts: IntArray
    sizes: IntArray


def hashes_of(words: Sequence[str]) -> Hashes:
    """Number words by themselves, 0 being the empty one."""
    numbers = (
        hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest() if word else bytes(8)
        for word in words
    )
    return np.frombuffer(b"".join(numbers), "<u8").astype(np.uint64)


def shingles(corpus: Corpus, hashes: Hashes) -> Sets:
    """Return every text's set; one with fewer than three words has none."""
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


def sketches(corpus: Corpus, hashes: Hashes) -> Hashes:
    """Sketch every text's set, (texts, SKETCH): two sets differ in as many shingles as their sketches in bits, or more.

    A shingle flips one bit, so what two sets share cancels out (bitmap filter: Sandes et al. 2017).
    """
    found, first = np.zeros((len(corpus), SKETCH), np.uint64), 0
    for block in corpus.blocks():
        sets = shingles(block, hashes)
        row = np.repeat(np.arange(len(block)), sets.sizes) + first
        place = (sets.values >> np.uint64(6)) % np.uint64(SKETCH)
        np.bitwise_xor.at(found, (row, place.astype(np.int64)), np.uint64(1) << (sets.values & np.uint64(63)))
        first += len(block)
    return found
