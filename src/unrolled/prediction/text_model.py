"""Texts → probabilities (texts, classes), in NumPy alone: a trained model as a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import Any

import numpy as np

from unrolled.arrays import AnyIntArray, FloatArray, IntArray
from unrolled.errors import texts as errors
from unrolled.model.classifier import softmax
from unrolled.model.encoder import words_read
from unrolled.model.network import Network
from unrolled.model.text_network import TextNetwork
from unrolled.prediction.encode_texts import TextEncoder
from unrolled.prediction.projection_cache import MEMORY, ProjectionCache
from unrolled.storage.config import Config
from unrolled.text.fingerprints import TextFingerprints
from unrolled.text.length_buckets import length_buckets
from unrolled.text.vocabulary import Vocabulary, padded

TOGETHER = 4096  # texts whose words are numbered at the same time


@dataclass(frozen=True, eq=False)
class TextModel:
    """A config, a vocabulary and weights that fit each other."""

    config: Config
    vocabulary: Vocabulary
    weights: Mapping[str, FloatArray]
    cache_memory: int = MEMORY  # bytes of words that are projected once and kept
    fingerprints: TextFingerprints | None = None  # of its texts; None where they were left out or not read

    @cached_property
    def network(self) -> Network:
        """The chain, without weights."""
        return self.config.network(len(self.vocabulary))

    @cached_property
    def table(self) -> ProjectionCache | None:
        """The words that were projected, where the network has an encoder that may project them."""
        network = self.network
        return (
            ProjectionCache(network, self.weights, memory=self.cache_memory)
            if isinstance(network, TextNetwork)
            else None
        )

    @property
    def read(self) -> Callable[[IntArray, IntArray], FloatArray]:
        """Padded texts, ids (texts, length) and lengths (texts,), to logits (texts, classes)."""
        return self.table.logits if self.table else partial(self.network.read, self.weights)

    @property
    def words_read(self) -> int | None:
        """How many of a text's words are read, from the first; None for all."""
        return words_read(self.network.encoder if isinstance(self.network, TextNetwork) else None)

    def cut(self, lengths: IntArray) -> int:
        """Count the texts, of this many words (texts,), that are longer than what is read of them."""
        return 0 if self.words_read is None else int((lengths > self.words_read).sum())

    def reset_cache(self) -> None:
        """Answer what follows as if nothing had been read before, equal to the last bit."""
        if self.table:
            self.table.clear()

    @cached_property
    def numbering(self) -> TextEncoder:
        """Texts to the network's numbers, with what it remembers of texts read before."""
        return TextEncoder(self.network, self.vocabulary, self.config.reading)

    def __getstate__(self) -> dict[str, Any]:
        """Copy without what was made of it: tables of projected words, and what the reader of texts remembers."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def logits(self, texts: Sequence[str]) -> FloatArray:
        """Read texts in batches of similar length: (texts, classes), in their order; not finite where one overflows."""
        return self.logits_of_numbers(*self.numbering.number(texts))

    def logits_of_numbers(self, numbers: AnyIntArray, lengths: IntArray) -> FloatArray:
        """Read texts that are numbered: the numbers of one text after another, and how many each has (texts,)."""
        starts = np.cumsum(lengths) - lengths
        logits = np.empty((len(lengths), len(self.config.labels)), np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            for rows in length_buckets(lengths):
                logits[rows] = self.read(padded(numbers, starts[rows], lengths[rows]), lengths[rows])
        return logits

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Compute P(y | x) for each text and label, in float64 so that each row sums to 1; DataError on overflow."""
        return self._probabilities(self.logits(texts))

    def probabilities_of_words(self, texts: Sequence[Sequence[str]]) -> FloatArray:
        """Compute the same for texts that are split into words already."""
        return self._probabilities(self.logits_of_words(texts))

    def logits_of_words(self, texts: Sequence[Sequence[str]]) -> FloatArray:
        """Read texts that are split into words already: (texts, classes); not finite where one overflows."""
        chunks = (texts[start : start + TOGETHER] for start in range(0, len(texts), TOGETHER))
        logits = [self.logits_of_numbers(*self.network.number_together(chunk, self.vocabulary)) for chunk in chunks]
        return np.concatenate([*logits, np.empty((0, len(self.config.labels)), np.float32)])

    def _probabilities(self, logits: FloatArray) -> FloatArray:
        overflowed = np.flatnonzero(~np.isfinite(logits).all(axis=1))
        if len(overflowed):
            raise errors.no_finite_answer(overflowed.tolist())
        return self.softmax(logits)

    def softmax(self, logits: FloatArray) -> FloatArray:
        """Turn finite logits into probabilities (texts, classes) in float64, at the model's temperature if it has one.

        A temperature changes no order, so no prediction either.
        """
        exact, claim = logits.astype(np.float64), self.config.abstention
        return softmax(exact / claim.temperature if claim else exact)  # type: ignore[no-any-return]
