"""Random vocabularies and texts → the compiled rows of n-grams are those that the plain hash gives."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unrolled.kernels.compiled.fnv1a import encode, hash_ngrams
from unrolled.kernels.compiled.library import Library, plain
from unrolled.model.network import encode_texts
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.text.ngrams import fnv1a, ngrams
from unrolled.text.vocabulary import UNKNOWN, Vocabulary

many = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
words = st.text(st.characters(exclude_characters=" "), min_size=1, max_size=4) | st.sampled_from(["é" * 70, "a" * 300])
vocabularies = st.lists(words.filter(UNKNOWN.__ne__), max_size=8, unique=True)
ranges = st.tuples(st.integers(1, 4), st.integers(0, 3)).map(lambda pair: (pair[0], sum(pair)))


@many
@given(data=st.data(), known=vocabularies, ngram_range=ranges, buckets=st.sampled_from([1, 7, 100_000, 10**8]))
def test_rows_are_those_of_the_hash(
    data: st.DataObject, known: list[str], ngram_range: tuple[int, int], buckets: int, compiled: Library
) -> None:
    vocabulary = [UNKNOWN, *known]
    word = st.integers(0, len(known))
    texts = data.draw(st.lists(st.lists(word, max_size=9), max_size=6))
    ids, lengths = (
        np.array([one for text in texts for one in text], np.int64),
        np.array(list(map(len, texts)), np.int64),
    )
    rows, counts = hash_ngrams(compiled, ids, lengths, encode(vocabulary), ngram_range, buckets)
    place = {one: number for number, one in enumerate(vocabulary)}
    expected = [
        [
            place[" ".join(formatted)]
            if n == 1
            else len(vocabulary) + fnv1a(" ".join(formatted).encode("utf-8", "surrogatepass")) % buckets
            for n in range(ngram_range[0], ngram_range[1] + 1)
            for formatted in zip(*([vocabulary[one] for one in text][k:] for k in range(n)), strict=False)
        ]
        for text in texts
    ]
    assert rows.dtype == np.int32
    assert rows.tolist() == list(chain.from_iterable(expected))
    assert counts.tolist() == list(map(len, expected))


@many
@given(texts=st.lists(st.lists(words, max_size=6), max_size=6), known=vocabularies, ngram_range=ranges)
def test_a_network_numbers_texts_the_same_with_and_without_a_library(
    texts: list[list[str]], known: list[str], ngram_range: tuple[int, int], compiled: Library, called: list[str]
) -> None:
    encoder = make_encoder("ngrams", 3, {"ngram_range": ngram_range, "buckets": 50})
    vocabulary = Vocabulary([UNKNOWN, *known])
    network = TextNetwork(len(vocabulary), 3, "tuned", encoder, 2)
    called.clear()
    found = [rows.tolist() for rows in encode_texts(network, texts, vocabulary)]
    assert called == ([] if ngram_range == (1, 1) else ["rows_of_ngrams"])
    with plain():
        assert found == [rows.tolist() for rows in encode_texts(network, texts, vocabulary)]
    assert list(map(len, found)) == [len(ngrams(text, *ngram_range)) for text in texts]


@pytest.mark.parametrize("wrong", [-1, 2, 2**32])
def test_a_word_that_is_not_there_is_refused_before_the_kernel(
    wrong: Any, compiled: Library, called: list[str]
) -> None:
    with pytest.raises(IndexError, match="2 rows"):
        hash_ngrams(compiled, np.array([0, wrong]), np.array([2]), encode(["<unk>", "a"]), (1, 2), 10)
    assert called == []


@pytest.mark.parametrize("lengths", [[3], [1], [3, -1], [], [1, 1, 1]])
def test_lengths_that_are_not_the_words_are_refused_before_the_kernel(
    lengths: list[int], compiled: Library, called: list[str]
) -> None:
    with pytest.raises(IndexError, match="of which there are 2"):
        hash_ngrams(compiled, np.array([0, 1]), np.array(lengths, int), encode(["<unk>", "a"]), (1, 2), 10)
    assert called == []
