"""Texts → the words of all, each word kept once: for training, where many texts are split at the same time.

No rule of `tokens` looks past a space, so a text's words are those of its chunks, which spaces part. Every distinct
chunk is split once, and all of them in one go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import chain, compress, count
from typing import overload

import numpy as np
from numpy.typing import NDArray

from unrolled.kernels.chunks import number_chunks
from unrolled.model.encoder import Integers
from unrolled.model.reading import Reading
from unrolled.model.tokens import words

END = "\0"  # behind every chunk that is split with others


class Corpus(Sequence[Sequence[str]]):
    """Texts as lists of words, made when they are asked for: `words[k]` for every k in ids[starts[n]:starts[n + 1]]."""

    def __init__(self, words: Sequence[str], ids: NDArray[np.int32], starts: Integers) -> None:
        """Take the distinct words, the place of every word of all texts in these, and where each text begins."""
        self.words, self.ids, self.starts = words, ids, starts

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        """Give a text's words."""
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        own = self.ids[self.starts[place] : self.starts[place + 1]]
        return [self.words[k] for k in own.tolist()]

    @property
    def lengths(self) -> Integers:
        """Words of each text."""
        return np.diff(self.starts)

    @property
    def counts(self) -> dict[str, int]:
        """Count how often each word occurs."""
        return dict(zip(self.words, np.bincount(self.ids, minlength=len(self.words)).tolist(), strict=True))


def lengths_of(texts: Sequence[Sequence[str]]) -> Integers:
    """Count the words of each text, whether they are in a corpus or in lists."""
    return texts.lengths if isinstance(texts, Corpus) else np.fromiter(map(len, texts), np.int64, len(texts))


def split(texts: Sequence[str], reading: Reading) -> Corpus:
    """Split texts as `tokens.words` splits each."""
    chunks, chosen, counts = number_chunks(texts)
    known, ids, first, sizes = _split_chunks(chunks, reading)
    found = sizes[chosen]
    starts = np.concatenate([[0], np.cumsum(found)])
    shift = np.repeat((first[chosen] - starts[:-1]).astype(np.int32), found)
    own = ids[shift + np.arange(len(shift), dtype=np.int32)]
    return Corpus(known, own, starts[np.concatenate([[0], np.cumsum(counts)])])


def _split_chunks(chunks: Sequence[str], reading: Reading) -> tuple[list[str], NDArray[np.int32], Integers, Integers]:
    """Split chunks → distinct words, places in these of all chunks' words, where each chunk's begin and how many."""
    one_by_one = [not chunk.isascii() or END in chunk for chunk in chunks]  # few; ASCII alone is split the fastest
    joined = "".join(f"{chunk} {END} " for chunk, alone in zip(chunks, one_by_one, strict=True) if not alone)
    split_one = partial(words, tokens=reading.tokens, lowercase=reading.lowercase)
    together = split_one(joined)
    others = [split_one(chunk) for chunk in compress(chunks, one_by_one)]
    numbers: defaultdict[str, int] = defaultdict(count(1).__next__, {END: 0})
    ids = np.fromiter(map(numbers.__getitem__, chain(together, *others)), np.int32)
    ends, alone = np.flatnonzero(ids[: len(together)] == 0), np.array(one_by_one, np.bool_)
    first, sizes = np.empty((2, len(chunks)), np.int64)
    first[~alone] = np.concatenate([ends[:0], [0], ends[:-1] + 1])[: len(ends)]
    sizes[~alone] = ends - first[~alone]
    sizes[alone] = list(map(len, others))
    first[alone] = len(together) + np.cumsum(sizes[alone]) - sizes[alone]
    return list(numbers), ids, first, sizes
