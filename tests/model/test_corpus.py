"""Random texts and readings → a corpus has the words that each text is split into alone; vocabularies don't differ."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.kernels.library import plain
from unrolled.model.corpus import Corpus, lengths_of, split
from unrolled.model.reading import Reading
from unrolled.model.tokens import words
from unrolled.model.vocabulary import Vocabulary

readings = st.builds(Reading, tokens=st.sampled_from(["words", "space"]), lowercase=st.booleans())
ascii_pieces = ["Don't", "U.S.", "3.5", "<br />", "&amp;", "\0", "a\0b", "\0\0", " ", " ", "\n", "n't", "--", "film,"]
other_pieces = ["can’t", "\u2003", "İSTANBUL", "😀", "e\u0301", "\u200d", "🇩🇪", "o'clock", "naïve"]
pieces = st.sampled_from([*ascii_pieces, *other_pieces])
texts = st.lists(st.lists(pieces | st.text(max_size=4), max_size=9).map("".join), max_size=6)


@given(texts=texts, reading=readings)
def test_a_corpus_has_the_words_of_every_text(texts: list[str], reading: Reading) -> None:
    expected = [words(text, tokens=reading.tokens, lowercase=reading.lowercase) for text in texts]
    found = split(texts, reading)
    assert list(found) == expected
    assert len(found) == len(texts)
    assert lengths_of(found).tolist() == lengths_of(expected).tolist() == list(map(len, expected))
    assert +Counter(found.counts) == Counter(chain.from_iterable(expected))
    assert len(set(found.words)) == len(found.words)
    with plain():
        assert list(split(texts, reading)) == expected


@given(texts=texts, known=texts, min_count=st.integers(1, 2), max_features=st.none() | st.integers(1, 5))
def test_vocabularies_and_ids_are_those_of_lists_of_words(
    texts: list[str], known: list[str], min_count: int, max_features: int | None
) -> None:
    limits: Any = {"min_count": min_count, "max_features": max_features}
    lists = [words(text) for text in known]
    vocabulary = Vocabulary.build(split(known, Reading()), **limits)
    assert vocabulary.words == Vocabulary.build(lists, **limits).words
    corpus = split(texts, Reading())
    assert vocabulary.numbers_together(corpus).tolist() == vocabulary.numbers_together(list(corpus)).tolist()
    one_by_one = [number for text in corpus for number in vocabulary.numbers(text).tolist()]
    assert vocabulary.numbers_together(corpus).tolist() == one_by_one


def test_a_corpus_is_a_sequence() -> None:
    corpus = split(["a b", "", "b c a"], Reading())
    assert isinstance(corpus, Corpus)
    assert corpus[2] == ["b", "c", "a"]
    assert list(corpus[1:]) == [[], ["b", "c", "a"]]
    assert list(corpus[0:0]) == []
    for wrong in (3, -1):
        with pytest.raises(IndexError):
            corpus[wrong]
