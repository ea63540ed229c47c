"""Texts → the numbers that a trained network reads, (numbers,) each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from unrolled.model.chunks import Chunks, Splitter
from unrolled.model.encoder import Integers, ReadsNgrams
from unrolled.model.network import Network, number
from unrolled.model.reading import Reading
from unrolled.model.text_network import TextNetwork
from unrolled.model.vocabulary import Vocabulary


class Numbering:
    """Splits and numbers texts, and remembers their chunks; several threads may use it at once."""

    def __init__(self, network: Network, vocabulary: Vocabulary, reading: Reading) -> None:
        """Take what decides the numbers."""
        self.network, self.vocabulary, self.splitter = network, vocabulary, Splitter(reading)
        self.chunks = Chunks(partial(_ids, self.splitter.words_of_chunk, vocabulary))
        self.reads_words = isinstance(network, TextNetwork) and not isinstance(network.encoder, ReadsNgrams)

    def number(self, texts: Sequence[str]) -> list[Integers]:
        """Give the same as `network.number` on the network and the texts' words."""
        if self.reads_words:  # and nothing beside them: the numbers of a text are those of its chunks
            return [np.frombuffer(b"".join(self.chunks.of(text)), np.int64) for text in texts]
        return number(self.network, [self.splitter.words(text) for text in texts], self.vocabulary)


def _ids(words: Callable[[str], Sequence[str]], vocabulary: Vocabulary, chunk: str) -> bytes:
    return vocabulary.numbers(words(chunk)).tobytes()
