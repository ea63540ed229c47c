"""Texts → the words of all, each word kept once, and their places in a mapped file: a corpus may outgrow the memory.

No rule of `tokens` looks past a space, so a text's words are those of its chunks, which spaces part. Texts are split
block by block: every distinct chunk of a block once, and all of them in one go.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import chain, compress, count
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Int32Array, IntArray
from unrolled.kernels.compiled.whitespace_tokens import encode_tokens
from unrolled.text.memmap import to_memmap
from unrolled.text.text_config import TextConfig
from unrolled.text.tokens import words

Number = TypeVar("Number", bound=np.generic)

END = "\0"  # behind every chunk that is split with others
CHARACTERS, WORDS = 1 << 23, 1 << 20  # of a block of texts to split, and of one to number


class Corpus(Sequence[Sequence[str]]):
    """Texts as lists of words, made when they are asked for: text n is lengths[n] words from starts[n] on."""

    def __init__(self, words: Sequence[str], ids: Int32Array, starts: IntArray, lengths: IntArray) -> None:
        """Take the distinct words, the places of all texts' words in these, where each text begins and its words."""
        self.words, self.ids, self.starts, self.lengths = words, ids, starts, lengths

    @classmethod
    def of(cls, words: Sequence[str], ids: Int32Array, lengths: IntArray) -> Corpus:
        """Take texts whose words stand one text after another."""
        return cls(words, ids, np.cumsum(lengths) - lengths, lengths)

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.lengths)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> Corpus: ...
    def __getitem__(self, place: int | slice) -> list[str] | Corpus:
        """Return a text's words, or some of the texts."""
        if isinstance(place, slice):
            return self.take(place)
        if not 0 <= place < len(self):
            raise IndexError(place)
        start = self.starts[place]
        return [self.words[k] for k in self.ids[start : start + self.lengths[place]].tolist()]

    def take(self, rows: slice | Sequence[int] | IntArray) -> Corpus:
        """Choose texts; their words are copied only when they are read."""
        chosen = rows if isinstance(rows, slice) else np.asarray(rows, np.int64)
        return Corpus(self.words, self.ids, self.starts[chosen], self.lengths[chosen])

    def blocks(self) -> Iterator[Corpus]:
        """Cut the texts into runs of about this many words as are read together."""
        ends, first = np.cumsum(self.lengths), 0
        while first < len(self):
            most = ends[first] - self.lengths[first] + WORDS
            last = max(first + 1, int(np.searchsorted(ends, most, "right")))
            yield self[first:last]
            first = last

    @cached_property
    def flat(self) -> Int32Array:
        """The places of the words of one text after another, (words of all,)."""
        return gather_corpus(self.ids, self.starts, self.lengths)

    @property
    def counts(self) -> dict[str, int]:
        """Count how often each word occurs."""
        total = np.zeros(len(self.words), np.int64)
        for block in self.blocks():
            total += np.bincount(block.flat, minlength=len(total))
        return dict(zip(self.words, total.tolist(), strict=True))


def gather_corpus(numbers: NDArray[Number], starts: IntArray, lengths: IntArray) -> NDArray[Number]:
    """Copy runs of numbers, one after another: starts and lengths (runs,) → (all,)."""
    ends = np.cumsum(lengths)
    if not len(ends):
        return numbers[:0]
    if (starts[1:] == starts[0] + ends[:-1]).all():
        return numbers[starts[0] : starts[0] + ends[-1]]
    found: NDArray[Number] = numbers[np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1])]
    return found


def split(texts: Iterable[str], reading: TextConfig) -> Corpus:
    """Split texts, which may come one by one, as `tokens.words` splits each."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    counted = array("q")

    def pieces() -> Iterator[Int32Array]:
        for texts_together in in_blocks(texts):
            block = split_block(texts_together, reading)
            counted.frombytes(block.lengths.tobytes())
            yield np.fromiter(map(numbers.__getitem__, block.words), np.int32, len(block.words))[block.ids]

    ids = to_memmap(pieces())
    return Corpus.of(list(numbers), ids, np.array(counted, np.int64))


def in_blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Gather texts until their characters are enough for a block."""
    block: list[str] = []
    characters = 0
    for text in texts:
        block.append(text)
        characters += len(text)
        if characters >= CHARACTERS:
            yield block
            block, characters = [], 0
    if block:
        yield block


def lengths_of(texts: Sequence[Sequence[str]]) -> IntArray:
    """Count the words of each text, whether they are in a corpus or in lists."""
    return texts.lengths if isinstance(texts, Corpus) else np.fromiter(map(len, texts), np.int64, len(texts))


def split_block(texts: Sequence[str], reading: TextConfig) -> Corpus:
    """Split texts all in one go, and keep the places of their words in memory."""
    chunks, chosen, counts = encode_tokens(texts)
    known, ids, first, sizes = _split_chunks(chunks, reading)
    words_of_chunk = sizes[chosen]
    ends = np.concatenate([[0], np.cumsum(words_of_chunk)])
    lengths = np.diff(ends[np.concatenate([[0], np.cumsum(counts)])])
    shift = np.repeat((first[chosen] - ends[:-1]).astype(np.int32), words_of_chunk)
    return Corpus.of(known, ids[shift + np.arange(len(shift), dtype=np.int32)], lengths)


def _split_chunks(chunks: Sequence[str], reading: TextConfig) -> tuple[list[str], Int32Array, IntArray, IntArray]:
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
