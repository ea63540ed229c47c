"""The lecture's sentences and word vectors → words, and their vectors (words, 4) in float64."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.arrays import Float64Array
from unrolled.text import tokens

SENTENCE = "Alice treats Bob well"
SEVEN_WORDS = "Alice treats Bob well so Bob thinks"
NGRAM_SENTENCE = "Bob likes Alice very much"

VECTORS = {
    "Alice": (0.7, 8.6, -2.4, 2.3),
    "treats": (2.7, -3.9, -5.6, 1.1),
    "Bob": (-0.1, 6.7, 1.5, 2.0),
    "well": (-5.7, -9.8, -1.6, -1.0),
    "so": (0.4, -1.2, 3.1, 0.9),  # this and the next are ours: the slides give them no numbers
    "thinks": (1.8, 2.5, -0.7, -3.4),
}
AVERAGE_ON_THE_SLIDE = (-0.6, 0.4, -1.6, 1.1)


def words_of(text: str) -> list[str]:
    """Split a text as the package does, capitals kept."""
    return tokens.words(text, lowercase=False)


def vectors_of(words: Sequence[str]) -> Float64Array:
    """Look up the words' vectors: (words, 4)."""
    return np.array([VECTORS[word] for word in words])
