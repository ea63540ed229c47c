"""Words of texts as ids → the rows that a network of hashed n-grams reads, compiled (`model.ngrams` has the hash)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unrolled.kernels.checks import Integers, check_ids
from unrolled.kernels.library import Library


def rows_of_ngrams(
    library: Library,
    ids: Integers,
    lengths: Integers,
    words: Sequence[str],
    ngram_range: tuple[int, int],
    buckets: int,
) -> tuple[NDArray[np.int32], Integers]:
    """Number all n-grams, text after text: a word its id, a longer one len(words) + its bucket → and how many a text.

    `ids` are words of all texts, `lengths` (texts,) the words of each. IndexError for an id outside `words`.
    """
    check_ids(ids, len(words))
    if lengths.min(initial=0) < 0 or lengths.sum() != len(ids):
        raise IndexError(f"texts of {lengths.sum()} words, of which there are {len(ids)}")
    shortest, longest = ngram_range
    counts = sum((np.maximum(lengths - (n - 1), 0) for n in range(shortest, longest + 1)), np.zeros_like(lengths))
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    content = np.frombuffer(b" " + b" ".join(encoded), np.uint8)
    ends = np.cumsum([0, *(len(word) + 1 for word in encoded)])
    starts = np.cumsum([0, *lengths])
    rows = np.empty(counts.sum(), np.int32)
    sizes = (len(words), shortest, longest, buckets)
    own = np.ascontiguousarray(ids, np.int32)
    library.call("rows_of_ngrams", own, starts, len(lengths), content, ends, *sizes, rows)
    return rows, counts
