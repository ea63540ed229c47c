"""Words of texts as ids → the rows that a network of hashed n-grams reads, compiled (`model.ngrams` has the hash)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Int32Array, IntArray
from unrolled.kernels.compiled.checks import check_ids
from unrolled.kernels.compiled.library import Library

SPARE = 8  # bytes behind texts and words: compiled code reads eight at a time


class EncodedWords(NamedTuple):
    """Words in UTF-8, each behind a space: word k is content[ends[k]:ends[k + 1]]; SPARE bytes behind the last."""

    content: NDArray[np.uint8]
    ends: IntArray


def encode(words: Sequence[str]) -> EncodedWords:
    """Write the words of a vocabulary as n-grams are hashed."""
    joined = " ".join(words)
    encoded = words if joined.isascii() else [word.encode("utf-8", "surrogatepass") for word in words]
    ends = np.cumsum([0, *map(len, encoded)]) + np.arange(len(words) + 1)
    content = b" %b%b" % (joined.encode("utf-8", "surrogatepass"), bytes(SPARE))
    return EncodedWords(np.frombuffer(content, np.uint8), ends)


def hash_ngrams(
    library: Library,
    ids: IntArray,
    lengths: IntArray,
    words: EncodedWords,
    ngram_range: tuple[int, int],
    buckets: int,
) -> tuple[Int32Array, IntArray]:
    """Number all n-grams, text after text: a word its id, a longer one how many words there are + its bucket.

    `ids` are words of all texts, `lengths` (texts,) the words of each. IndexError for an id outside `words`.
    Returned are the numbers of all texts, and how many each has.
    """
    count = len(words.ends) - 1
    check_ids(ids, count)
    if lengths.min(initial=0) < 0 or lengths.sum() != len(ids):
        raise IndexError(f"texts of {lengths.sum()} words, of which there are {len(ids)}")
    shortest, longest = ngram_range
    counts = sum((np.maximum(lengths - (n - 1), 0) for n in range(shortest, longest + 1)), np.zeros_like(lengths))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    rows = np.empty(counts.sum(), np.int32)
    sizes = (count, shortest, longest, buckets)
    own = np.ascontiguousarray(ids, np.int32)
    library.call("rows_of_ngrams", own, starts, len(lengths), words.content, words.ends, *sizes, rows)
    return rows, counts
