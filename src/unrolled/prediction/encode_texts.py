"""Texts → the numbers that a trained network reads, those of all texts one text after another, and how many of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from unrolled.arrays import AnyIntArray, IntArray
from unrolled.kernels.compiled.library import Library, compiled
from unrolled.kernels.compiled.tokenizer import Tokenizer
from unrolled.model.network import Network
from unrolled.model.text_network import TextNetwork
from unrolled.text.corpus import split_block
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary


class TextEncoder:
    """Splits and numbers texts, and remembers their chunks; several threads may use it at once."""

    def __init__(self, network: Network, vocabulary: Vocabulary, reading: TextConfig) -> None:
        """Take what decides the numbers."""
        self.network, self.vocabulary, self.reading = network, vocabulary, reading
        self.reader: Tokenizer | None = None

    def number(self, texts: Sequence[str]) -> tuple[AnyIntArray, IntArray]:
        """Return the same as `network.number_together` on the texts' words."""
        library = compiled()
        if isinstance(self.network, TextNetwork) and library:
            ids, lengths = self._reader(library).ids(texts, partial(_read, self.reading, self.vocabulary))
            return self.network.rows_of_words(ids, lengths, self.vocabulary)
        return self.network.number_together(split_block(texts, self.reading), self.vocabulary)

    def _reader(self, library: Library) -> Tokenizer:
        if self.reader is None or self.reader.library is not library:
            splits, lowers = self.reading.tokens == "words", self.reading.lowercase
            self.reader = Tokenizer(library, self.vocabulary.encoded, splits=splits, lowers=lowers)
        return self.reader

    def __getstate__(self) -> dict[str, Any]:
        """Copy without what is remembered in compiled code."""
        return self.__dict__ | {"reader": None}


def _read(reading: TextConfig, vocabulary: Vocabulary, chunks: Sequence[str]) -> tuple[AnyIntArray, IntArray]:
    block = split_block(chunks, reading)
    return vocabulary.numbers_together(block), block.lengths
