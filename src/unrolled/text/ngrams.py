"""Words of texts → their n-grams, n words in a row: as texts ("Bob likes"), or as rows of a table of hashed n-grams.

An n-gram's row is the FNV-1a hash of its words, joined by spaces, in UTF-8, modulo the number of buckets:

    hash = 2166136261;    for every byte:  hash = (hash xor byte) * 16777619 mod 2^32       (Fowler, Noll and Vo 1991)

Different n-grams may meet in a row; so no list of n-grams is kept, and a table's size is a choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from unrolled.arrays import AnyArray, IntArray
from unrolled.text.corpus import Corpus
from unrolled.text.vocabulary import unique

BASIS, PRIME, MODULUS = 2166136261, 16777619, 1 << 32
TOGETHER = 64  # bytes hashed for all n-grams at once; what few n-grams have beyond is hashed one by one


def ngrams(words: Sequence[str], shortest: int, longest: int) -> list[str]:
    """List a text's n-grams of each n from shortest to longest, in the order of the text."""
    return [
        ngram
        for n in range(shortest, longest + 1)
        for ngram in (words if n == 1 else map(" ".join, zip(*(words[k:] for k in range(n)), strict=False)))
    ]


def distinct_ngrams(texts: Corpus, shortest: int, longest: int) -> Iterator[tuple[IntArray, list[str], IntArray]]:
    """For each n: the words that n-grams begin with, counted from the first text's first (n-grams,), the distinct
    n-grams, and which of these each is (n-grams,).
    """
    own, words = unique(texts.flat)
    names = alone = [texts.words[k] for k in own.tolist()]
    left, first, ids = _words_left(texts.lengths), np.arange(len(words)), words
    for n in range(1, longest + 1):
        if n > 1:
            goes_on = left[first] >= n
            first = first[goes_on]
            pairs, ids = unique(ids[goes_on] * len(alone) + words[first + n - 1])
            before, last = (part.tolist() for part in np.divmod(pairs, max(1, len(alone))))
            names = [f"{names[a]} {alone[b]}" for a, b in zip(before, last, strict=True)]
        if n >= shortest:
            yield first, names, ids


def count_ngrams(texts: Corpus, shortest: int, longest: int) -> Counter[str]:
    """Count how often each n-gram occurs."""
    counts: Counter[str] = Counter()
    for block in texts.blocks():
        for _, names, ids in distinct_ngrams(block, shortest, longest):
            counts.update(dict(zip(names, np.bincount(ids, minlength=len(names)).tolist(), strict=True)))
    return counts


def fnv1a(text: bytes, state: int = BASIS) -> int:
    """Hash bytes, or go on with the hash of those before."""
    for byte in text:
        state = (state ^ byte) * PRIME % MODULUS
    return state


def hashed_ngrams(texts: Sequence[Sequence[str]], shortest: int, longest: int, buckets: int) -> list[IntArray]:
    """Hash every text's n-grams, in the order of `ngrams` → a bucket each, (n-grams,) a text."""
    lengths = np.array([len(words) for words in texts], np.int64)
    encoded = [word.encode("utf-8", "surrogatepass") for words in texts for word in words]
    sizes = np.array([len(word) for word in encoded], np.int64) + 1  # and the space behind it
    end = np.cumsum(sizes) - 1
    start, left = end + 1 - sizes, _words_left(lengths)
    content = np.frombuffer(b" ".join(encoded) + b" ", np.uint8)
    found = []
    for n in range(shortest, longest + 1):
        first = np.flatnonzero(left >= n)
        found.append((first, _hashes(content, start[first], end[first + n - 1]) % buckets))
    firsts, hashes = (np.concatenate(part) for part in zip(*found, strict=True))
    text = np.repeat(np.arange(len(texts)), lengths)[firsts]
    order = np.argsort(text, kind="stable")
    return np.split(hashes[order], np.cumsum(np.bincount(text, minlength=len(texts))))[:-1]


def _words_left(lengths: IntArray) -> IntArray:
    """Count for every word of all texts the words from it to its text's end, itself included."""
    ends = np.repeat(np.cumsum(lengths), lengths)
    return ends - np.arange(len(ends))


def _hashes(content: AnyArray, start: IntArray, end: IntArray) -> IntArray:
    """Hash content[start:end] for many pairs, byte after byte in step."""
    state = np.full(len(start), BASIS, np.uint32)
    size = end - start
    for step in range(min(TOGETHER, int(size.max(initial=0)))):
        going = np.flatnonzero(size > step)
        state[going] = (state[going] ^ content[start[going] + step]) * np.uint32(PRIME)
    for place in np.flatnonzero(size > TOGETHER):
        rest = content[start[place] + TOGETHER : end[place]].tobytes()
        state[place] = fnv1a(rest, int(state[place]))
    return state.astype(np.int64)
