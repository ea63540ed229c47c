"""Numbers of texts, put together from chunks by compiled code or plainly, against the network's on the texts' words."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.kernels.compiled.library import Library, find_library, plain
from unrolled.model.network import encode_texts
from unrolled.model.registry import encoder_names
from unrolled.prediction.encode_texts import TextEncoder
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.tokens import words
from unrolled.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary(["<unk>", "good", "n't", ".", "do", "do n't", "good .", "Don't", "GOOD", "i̇"])
PIECES = ["good", "GOOD", "Don't", "don’t", ".", " ", "  ", "\u2003", "\n", "İ", "new", "x" * 40, "\u0301", "\x1c"]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=6)
READINGS = st.builds(TextConfig, tokens=st.sampled_from(["words", "space"]), lowercase=st.booleans())
NETWORKS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in encoder_names()),
    ("ngrams", {"ngram_range": (1, 1)}),
    ("ngrams", {"ngram_range": (2, 3), "buckets": 50}),
    ("logistic", {}),
]


@pytest.mark.parametrize(("encoder", "options"), NETWORKS)
@given(texts=TEXTS, reading=READINGS)
def test_numbers_are_those_of_the_network_on_the_words(
    encoder: str, options: dict[str, Any], texts: list[str], reading: TextConfig
) -> None:
    network = Config(encoder, options, reading, ("a", "b")).network(len(VOCABULARY))
    split = [words(text, tokens=reading.tokens, lowercase=reading.lowercase) for text in texts]
    expected = [ids.tolist() for ids in encode_texts(network, split, VOCABULARY)]
    numbering = TextEncoder(network, VOCABULARY, reading)
    for _ in range(2):  # read, and remembered
        assert by_text(numbering, texts) == expected
    with plain():
        assert by_text(numbering, texts) == expected


@pytest.mark.skipif(not isinstance(find_library(), Library), reason="no compiled kernels")
@pytest.mark.parametrize(("encoder", "options"), NETWORKS)
def test_words_of_a_network_are_numbered_by_compiled_code(
    encoder: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    call = Library.call

    def noted(self: Library, name: str, *arguments: Any) -> None:
        called.append(name)
        call(self, name, *arguments)

    monkeypatch.setattr(Library, "call", noted)
    numbering = TextEncoder(
        Config(encoder, options, TextConfig(), ("a", "b")).network(len(VOCABULARY)), VOCABULARY, TextConfig()
    )
    with plain():
        numbering.number(["Good do."])
    assert called == []
    numbering.number(["Good do."])
    assert ("word_reader_ids" in called) == (encoder != "logistic")


def test_a_copy_reads_the_same() -> None:
    numbering = TextEncoder(
        Config("cnn", {}, TextConfig(), ("a", "b")).network(len(VOCABULARY)), VOCABULARY, TextConfig()
    )
    texts = ["good. İ don't"]
    expected = by_text(numbering, texts)
    assert by_text(copy.deepcopy(numbering), texts) == expected
    assert by_text(pickle.loads(pickle.dumps(numbering)), texts) == expected


def by_text(numbering: TextEncoder, texts: list[str]) -> list[list[int]]:
    numbers, counts = numbering.number(texts)
    return [ids.tolist() for ids in np.split(numbers, np.cumsum(counts))[:-1]]
