"""Words to ids and back against plain loops over the texts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.text.vocabulary import UNKNOWN, Vocabulary, distinct, pad

WORD = st.sampled_from(["a", "b", "c", "B", "ä", "", " ", UNKNOWN, "zz"])
TEXTS = st.lists(st.lists(WORD, max_size=8), max_size=6)
NUMBERED = st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=6)


def build(texts: Any, min_count: int = 1, max_features: int | None = None) -> Vocabulary:
    return Vocabulary.build(texts, min_count=min_count, max_features=max_features)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 3), st.none() | st.integers(1, 4))
def test_knows_the_most_frequent_words_ties_in_alphabetic_order(
    texts: list[list[str]], min_count: int, max_features: int | None
) -> None:
    every = [word for text in texts for word in text]
    expected = sorted(set(every) - {UNKNOWN})
    expected = [word for word in expected if every.count(word) >= min_count]
    expected.sort(key=every.count, reverse=True)  # stable: ties stay in alphabetic order
    expected = expected if max_features is None else expected[:max_features]
    assert build(texts, min_count, max_features).words == (UNKNOWN, *expected)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 3), st.none() | st.integers(1, 4))
def test_words_that_are_counted_already_are_known_alike(
    texts: list[list[str]], min_count: int, max_features: int | None
) -> None:
    counted = Counter(word for text in texts for word in text)
    assert build(counted, min_count, max_features).words == build(texts, min_count, max_features).words


@settings(deadline=None, max_examples=40)
@given(TEXTS, st.randoms())
def test_the_order_of_the_texts_and_of_their_words_does_not_matter(texts: list[list[str]], random: Any) -> None:
    shuffled = [random.sample(text, len(text)) for text in random.sample(texts, len(texts))]
    assert build(shuffled, 1, 4).words == build(texts, 1, 4).words


def test_the_unknown_word_in_a_text_is_the_unknown_word() -> None:
    vocabulary = build([[UNKNOWN] * 5, ["a"]])
    assert vocabulary.words == (UNKNOWN, "a")
    assert vocabulary.numbers([UNKNOWN, "a", "never seen"]).tolist() == [0, 1, 0]


def test_texts_may_come_from_a_generator_and_be_none_at_all() -> None:
    assert build(text for text in [["b", "a", "b"]]).words == (UNKNOWN, "b", "a")
    assert build([]).words == (UNKNOWN,)
    assert len(build([])) == 1


@settings(deadline=None)
@given(TEXTS, st.lists(WORD | st.text(max_size=3), max_size=8))
def test_numbers_are_places_in_the_vocabulary_and_0_elsewhere(texts: list[list[str]], words: list[str]) -> None:
    vocabulary = build(texts)
    numbers = vocabulary.numbers(words)
    assert numbers.dtype == np.int64
    known = vocabulary.words
    assert numbers.tolist() == [known.index(word) if word in known else 0 for word in words]


@settings(deadline=None)
@given(NUMBERED)
def test_padding_keeps_every_text_and_its_length(texts: list[list[int]]) -> None:
    ids, lengths = pad([np.array(text, np.int64) for text in texts])
    assert ids.shape == (len(texts), max([1, *(len(text) for text in texts)]))
    assert lengths.tolist() == [len(text) for text in texts]
    assert [row[:n].tolist() for row, n in zip(ids, lengths, strict=True)] == texts
    assert not any(row[n:].any() for row, n in zip(ids, lengths, strict=True))
    assert ids.dtype == lengths.dtype == np.int64


@settings(deadline=None)
@given(NUMBERED.filter(len), st.sampled_from([1, 40, 10**10]), st.sampled_from([0, -3, 10**12]))
def test_distinct_words_are_sorted_unique_and_give_back_every_text(
    texts: list[list[int]], apart: int, junk: int
) -> None:
    texts = [[apart * word for word in text] for text in texts]  # near or far: told by a table, or sorted
    ids, lengths = pad([np.array(text, np.int64) for text in texts])
    ids[np.arange(ids.shape[1]) >= lengths[:, None]] = junk
    words, local = distinct(ids, lengths)
    assert words.tolist() == sorted({word for text in texts for word in text})
    assert words.dtype == local.dtype == np.int64
    assert [words[row[:n]].tolist() for row, n in zip(local, lengths, strict=True)] == texts


@pytest.mark.parametrize("max_features", [1, 2])
def test_the_unknown_word_is_not_counted_among_the_features(max_features: int) -> None:
    assert len(build([["a", "b", "c"]], 1, max_features)) == max_features + 1
