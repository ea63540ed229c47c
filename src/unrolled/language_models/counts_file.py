"""Counted n-grams ↔ the lines of a text file: an n-gram's word numbers, then how often it was seen, in order."""

from __future__ import annotations

import os

import numpy as np

from unrolled.arrays import IntArray
from unrolled.errors import folder as errors
from unrolled.errors import language_models as model_errors
from unrolled.storage.regular_file import opened

LARGEST_FILE = 2**30  # bytes
LARGEST_COUNT = 2**53  # sums of counts are divided as floats


def to_bytes(ngrams: IntArray, counts: IntArray) -> bytes:
    """Write distinct n-grams (n-grams, order), sorted, and their counts (n-grams,).

    Raises:
        DataError: they are more than `read` reads.
    """
    table = np.column_stack([ngrams, counts]).tolist()
    content = "".join(" ".join(map(str, row)) + "\n" for row in table).encode("ascii")
    if len(content) > LARGEST_FILE:
        raise model_errors.counts_too_large(len(content), LARGEST_FILE)
    return content


def read(path: os.PathLike[str], words: int, order: int) -> tuple[IntArray, IntArray]:
    """Read n-grams and counts back; FolderError for a file that `to_bytes` wouldn't have written so."""
    with opened(path, at_most=LARGEST_FILE) as file:
        content = file.read(file.size)
    try:
        table = np.array([int(word) for word in content.split()], np.int64).reshape(-1, order + 1)
    except (ValueError, OverflowError):
        raise _wrong(path, order, "something else") from None
    ngrams, counts = table[:, :-1], table[:, -1]
    if not len(table) or to_bytes(ngrams, counts) != content:
        raise _wrong(path, order, "other lines")
    if ngrams.min() < 0 or ngrams.max() >= words or counts.min() < 1 or sum(counts.tolist()) > LARGEST_COUNT:
        raise _wrong(path, order, "a number that can't be")
    if not np.array_equal(np.unique(ngrams, axis=0), ngrams):
        raise _wrong(path, order, "n-grams doubled or out of order")
    return ngrams, counts


def _wrong(path: os.PathLike[str], order: int, problem: str) -> Exception:
    return errors.wrong_content(path, f"lines of {order} word numbers and a count", problem)
