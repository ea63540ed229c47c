"""Random texts and readings → a corpus has the words that each text is split into alone; vocabularies don't differ."""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.kernels.compiled.library import plain
from unrolled.text.corpus import Corpus, lengths_of, split
from unrolled.text.text_config import TextConfig
from unrolled.text.tokens import words
from unrolled.text.vocabulary import Vocabulary

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
SPACES = [character for character in EVERY if character.isspace()]
# what rules look at from both sides of a space, capitals whose small letters hang on their neighbours, marks, joiners,
# emojis, halves of a pair
PIECES = (
    *("a", "I", "U.S", "mr", "Etc", "1", "000", "n't", "N’T", "'s", "'LL", "'", "’", "t", "rock", "'n'", "'em", "''"),
    *("U.S.", "p.m.", "``", "--", "-lrb-", "&amp;", "&", ";", "<br", "/>", "<", "-", "_", ".", ",", ":", "@", "\\/"),
    *("İ", "ı", "ſ", "\u212a", "Σ", "ΑΣ", "ς", "\u0345", "\u0301", "\u200d", "\u200c", "\ufe0f", "\U0001f44d"),
    *("\U0001f3fd", "\U0001f1e9", "\U0001f1ea", "\u20e3", "\ud83d", "\udc4d", "\0", "٣", "हि", "\u00ad", "\u180e"),
    *("Don't", "can’t", "3.5", "<br />", "a\0b", "\0\0", "film,", "İSTANBUL", "e\u0301", "o'clock", "naïve"),
)
readings = st.builds(TextConfig, tokens=st.sampled_from(["words", "space"]), lowercase=st.booleans())
pieces = st.sampled_from(PIECES) | st.sampled_from(SPACES) | st.characters(exclude_categories=()) | st.text(max_size=4)
texts = st.lists(st.lists(pieces, max_size=9).map("".join), max_size=6)


def test_python_and_the_rules_see_the_same_spaces_and_small_letters_bring_in_none() -> None:
    assert re.findall(r"\s", "".join(EVERY)) == SPACES
    assert "".join(EVERY).lower().split() == [part.lower() for part in "".join(EVERY).split()]


@given(texts=texts, reading=readings)
def test_a_corpus_has_the_words_of_every_text(texts: list[str], reading: TextConfig) -> None:
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
    vocabulary = Vocabulary.build(split(known, TextConfig()), **limits)
    assert vocabulary.words == Vocabulary.build(lists, **limits).words
    corpus = split(texts, TextConfig())
    assert vocabulary.numbers_together(corpus).tolist() == vocabulary.numbers_together(list(corpus)).tolist()
    one_by_one = [number for text in corpus for number in vocabulary.numbers(text).tolist()]
    assert vocabulary.numbers_together(corpus).tolist() == one_by_one


def test_a_corpus_is_a_sequence() -> None:
    corpus = split(["a b", "", "b c a"], TextConfig())
    assert isinstance(corpus, Corpus)
    assert corpus[2] == ["b", "c", "a"]
    assert list(corpus[1:]) == [[], ["b", "c", "a"]]
    assert list(corpus[0:0]) == []
    for wrong in (3, -1):
        with pytest.raises(IndexError):
            corpus[wrong]
