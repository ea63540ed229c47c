"""Texts → the ids of their words, compiled: every chunk that spaces part is read once, and remembered."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from unrolled.arrays import Int32Array, IntArray
from unrolled.kernels.compiled.fnv1a import EncodedWords
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.compiled.whitespace_tokens import SEED, cut, joined

Read = Callable[[list[str]], tuple[Int32Array, IntArray]]


class Tokenizer:
    """Knows the words of a vocabulary, and chunks that it has met; several threads may ask at once."""

    def __init__(self, library: Library, words: EncodedWords, *, splits: bool, lowers: bool) -> None:
        """Take distinct words, whose ids are their places; whether a chunk is split, and its capitals lowered."""
        self.library, self.lock, made = library, Lock(), np.zeros(1, np.int64)
        given = (SEED, words.content, words.ends, len(words.ends) - 1, int(splits), int(lowers))
        try:
            library.call("word_reader_new", *given, made)
        finally:
            self.own = ctypes.c_void_p(int(made[0]))
            weakref.finalize(self, library.call, "word_reader_free", self.own).atexit = False

    def ids(self, texts: Sequence[str], read: Read) -> tuple[Int32Array, IntArray]:
        """Number the words of texts, 0 being one that isn't known → ids (words of all,) and how many each text has.

        `read` does the same for chunks that only the rules of `tokens` can split.
        """
        with self.lock:
            try:
                return self._ids(texts, read)
            except BaseException:  # chunks that were met and not read
                self.library.call("word_reader_clear", self.own)
                raise

    def _ids(self, texts: Sequence[str], read: Read) -> tuple[Int32Array, IntArray]:
        content, starts = joined(texts)
        room = len(content) // 2 + len(texts)  # memory that isn't written to isn't taken
        (numbers, strange), (first, size) = np.empty((2, room), np.int32), np.empty((2, room), np.int64)
        (counts, lengths), strangers = np.empty((2, len(texts)), np.int64), np.zeros(1, np.int64)
        array = np.frombuffer(content, np.uint8)
        found = (numbers, counts, strange, first, size, strangers)
        self.library.call("word_reader_chunks", self.own, array, starts, len(texts), *found)
        chunks = cut(content, first[: strangers[0]], size[: strangers[0]])
        answered, sizes = read(chunks) if chunks else (numbers[:0], counts[:0])
        answered, sizes = np.ascontiguousarray(answered, np.int32), np.ascontiguousarray(sizes, np.int64)
        if len(sizes) != len(chunks) or sizes.min(initial=0) < 0 or sizes.sum() != len(answered):
            raise ValueError(f"{len(answered)} ids for {len(chunks)} chunks, as many as {sizes.tolist()}")
        known = (strange, answered, sizes, len(chunks), numbers, counts, len(texts), lengths)
        self.library.call("word_reader_lengths", self.own, *known)
        ids = np.empty(lengths.sum(), np.int32)
        self.library.call("word_reader_ids", self.own, numbers, int(counts.sum()), ids)
        return ids, lengths
