"""Numbers of texts, whole or put together from chunks, against the network's own on the texts' words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.model.find_encoder import encoder_names
from unrolled.model.network import number
from unrolled.model.reading import Reading
from unrolled.model.tokens import words
from unrolled.model.vocabulary import Vocabulary
from unrolled.runtime.config import Config
from unrolled.runtime.numbering import Numbering

VOCABULARY = Vocabulary(["<unk>", "good", "n't", ".", "do", "do n't", "good .", "Don't", "GOOD", "i̇"])
PIECES = ["good", "GOOD", "Don't", "don’t", ".", " ", "  ", "\u2003", "\n", "İ", "new", "x" * 40, "\u0301", "\x1c"]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=6)
READINGS = st.builds(Reading, tokens=st.sampled_from(["words", "space"]), lowercase=st.booleans())
NETWORKS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in encoder_names()),
    ("ngrams", {"ngram_range": (1, 1)}),
    ("ngrams", {"ngram_range": (2, 3), "buckets": 50}),
    ("logistic", {}),
]


@pytest.mark.parametrize(("encoder", "options"), NETWORKS)
@given(texts=TEXTS, reading=READINGS)
def test_numbers_are_those_of_the_network_on_the_words(
    encoder: str, options: dict[str, Any], texts: list[str], reading: Reading
) -> None:
    network = Config(encoder, options, reading, ("a", "b")).network(len(VOCABULARY))
    split = [words(text, tokens=reading.tokens, lowercase=reading.lowercase) for text in texts]
    expected = [ids.tolist() for ids in number(network, split, VOCABULARY)]
    numbering = Numbering(network, VOCABULARY, reading)
    for _ in range(2):  # read, and remembered
        numbers, counts = numbering.number(texts)
        assert [ids.tolist() for ids in np.split(numbers, np.cumsum(counts))[:-1]] == expected
