"""The contract of a network: words of texts → numbers → logits (texts, classes), with weights kept by whoever calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from unrolled.arrays import AnyIntArray, Array, IntArray
from unrolled.model.weights import Weight, Weights
from unrolled.text.vocabulary import Vocabulary


class Network(Protocol):
    """What a trained model needs to answer: the chain of embeddings, encoder and classifier, or logistic regression."""

    def weights(self) -> dict[str, Weight]:
        """Declare every weight: its name, shape and first values."""

    def number_together(self, texts: Sequence[Sequence[str]], vocabulary: Vocabulary) -> tuple[AnyIntArray, IntArray]:
        """Turn words into the numbers that are read, of one text after another, and count those of each: (texts,)."""

    def read(self, weights: Weights, ids: IntArray, lengths: IntArray) -> Array:
        """Read padded texts: ids (texts, length), lengths (texts,) → logits (texts, classes)."""


def encode_texts(network: Network, texts: Sequence[Sequence[str]], vocabulary: Vocabulary) -> list[IntArray]:
    """Turn the words of texts into the numbers that are read, one array a text."""
    numbers, counts = network.number_together(texts, vocabulary)
    return np.split(numbers.astype(np.int64, copy=False), np.cumsum(counts)[:-1]) if len(counts) else []
