"""n-grams and their rows against plain loops, and the hash against its published numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.text import corpus
from unrolled.text.corpus import Corpus
from unrolled.text.ngrams import TOGETHER, count_ngrams, distinct_ngrams, fnv1a, hashed_ngrams, ngrams

# words of letters of 1 to 4 bytes, a half of a surrogate pair, and words about as long as what is hashed together
WORDS = st.sampled_from(
    ["a", "b", "né", "日本", "🙂", "\ud800", "x" * 31, "y" * 63, "ü" * 32, "z" * 64, "w" * 200]
) | st.text(max_size=4)
CORPUS = st.lists(st.lists(WORDS, max_size=6), max_size=6)
RANGE = st.tuples(st.integers(1, 4), st.integers(0, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def hashed(text: str) -> int:
    state = 0x811C9DC5
    for byte in text.encode("utf-8", "surrogatepass"):
        state ^= byte
        state = (state * 0x01000193) & 0xFFFFFFFF
    return state


def naive(words: Sequence[str], shortest: int, longest: int) -> list[str]:
    found: list[str] = []
    for n in range(shortest, longest + 1):
        found += [" ".join(words[i : i + n]) for i in range(len(words)) if i + n <= len(words)]
    return found


def corpus_of(texts: Sequence[Sequence[str]]) -> Corpus:
    every = sorted(set(chain.from_iterable(texts)))
    ids = [every.index(word) for words in texts for word in words]
    return Corpus.of(every, np.array(ids, np.int32), np.array([len(words) for words in texts], np.int64))


@pytest.mark.parametrize(("text", "published"), [(b"", 0x811C9DC5), (b"a", 0xE40C292C), (b"foobar", 0xBF9CF968)])
def test_the_hash_gives_the_published_numbers(text: bytes, published: int) -> None:
    assert fnv1a(text) == published
    assert hashed(text.decode()) == published


@settings(deadline=None)
@given(st.binary(max_size=9), st.binary(max_size=9))
def test_a_hash_goes_on_where_another_ended(one: bytes, other: bytes) -> None:
    assert fnv1a(other, fnv1a(one)) == fnv1a(one + other)


@each(
    ("n", "lecture"),
    [
        (1, ["Bob", "likes", "Alice", "very", "much"]),
        (2, ["Bob likes", "likes Alice", "Alice very", "very much"]),
        (3, ["Bob likes Alice", "likes Alice very", "Alice very much"]),
        (4, ["Bob likes Alice very", "likes Alice very much"]),
        (5, ["Bob likes Alice very much"]),
        (6, []),
    ],
)
def test_the_lecture_s_sentence_has_the_lecture_s_n_grams(n: int, lecture: list[str]) -> None:
    sentence = ["Bob", "likes", "Alice", "very", "much"]
    assert ngrams(sentence, n, n) == lecture
    (rows,) = hashed_ngrams([sentence], n, n, 1 << 32)
    assert rows.tolist() == [hashed(gram) for gram in lecture]


@settings(deadline=None)
@given(st.lists(WORDS, max_size=7), RANGE)
def test_n_grams_come_in_the_order_of_the_text_the_short_ones_first(words: list[str], ends: tuple[int, int]) -> None:
    assert ngrams(words, *ends) == naive(words, *ends)


@settings(deadline=None)
@given(CORPUS, RANGE, st.sampled_from([1, 2, 97, 2**32, 2**40]))
def test_rows_equal_those_of_every_n_gram_hashed_alone(
    texts: list[list[str]], ends: tuple[int, int], buckets: int
) -> None:
    found = hashed_ngrams(texts, *ends, buckets)
    assert [rows.tolist() for rows in found] == [
        [hashed(gram) % buckets for gram in naive(text, *ends)] for text in texts
    ]
    assert {rows.dtype for rows in found} <= {np.dtype(np.int64)}


@each("size", [1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER])
def test_long_words_are_hashed_to_their_last_byte(size: int) -> None:
    word = "".join(chr(97 + number % 26) for number in range(size))
    for end in ("a", "b"):
        (rows,) = hashed_ngrams([[word[:-1] + end, "c"]], 1, 2, 1 << 32)
        assert rows.tolist() == [hashed(word[:-1] + end), hashed("c"), hashed(f"{word[:-1]}{end} c")]


def test_n_grams_never_reach_into_the_next_text() -> None:
    apart = hashed_ngrams([["a", "b"], [], ["c"], ["d", "e", "f"]], 2, 3, 1 << 32)
    assert [rows.tolist() for rows in apart] == [
        [hashed("a b")],
        [],
        [],
        [hashed("d e"), hashed("e f"), hashed("d e f")],
    ]


@each("texts", [[], [[]], [[], []], [["a"]], [["a"], []]])
def test_texts_without_n_grams_have_an_empty_list_each(texts: list[list[str]]) -> None:
    found = hashed_ngrams(texts, 2, 3, 10)
    assert [(rows.tolist(), str(rows.dtype)) for rows in found] == [([], "int64")] * len(texts)


@settings(deadline=None)
@given(CORPUS, RANGE)
def test_distinct_n_grams_stand_where_the_texts_have_them(texts: list[list[str]], both: tuple[int, int]) -> None:
    found = list(distinct_ngrams(corpus_of(texts), *both))
    assert len(found) == both[1] - both[0] + 1
    words = [(text, place) for text, own in enumerate(texts) for place in range(len(own))]
    for n, (first, names, ids) in enumerate(found, start=both[0]):
        assert sorted(set(ids.tolist())) == list(range(len(names)))
        assert [names[k] for k in ids] == [gram for own in texts for gram in naive(own, n, n)]
        beginnings = [words.index((text, k)) for text, own in enumerate(texts) for k in range(len(own) - n + 1)]
        assert first.tolist() == beginnings


@settings(deadline=None)
@given(CORPUS, RANGE, st.integers(1, 8))
def test_n_grams_are_counted_block_by_block(texts: list[list[str]], both: tuple[int, int], together: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(corpus, "WORDS", together)
        assert count_ngrams(corpus_of(texts), *both) == Counter(gram for own in texts for gram in naive(own, *both))
