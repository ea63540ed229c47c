"""Texts with every kind of chunk → the ids of the words that `tokens.words` gives, whoever splits the chunk."""

from __future__ import annotations

import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.kernels.compiled.fnv1a import encode
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.compiled.tokenizer import Tokenizer
from unrolled.text.tokens import Tokens, words

many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
pieces = st.sampled_from(
    [
        *string.punctuation,
        "film",
        "Film",
        "a",
        "U.S",
        "Mr",
        "corp",
        "lrb",
        "br",
        "n't",
        "12",
        "3",
        "é",
        "’",
        "\0",
        "\x7f",
    ]
)
chunks = st.lists(pieces, min_size=1, max_size=7).map("".join) | st.sampled_from(
    ["x" * 63, "x" * 64, "X" * 65, "é" * 40]
)
texts = st.lists(st.lists(chunks | st.text(max_size=5), max_size=8).map(" ".join), max_size=5)
UNKNOWN = "<unk>"


class Reading:
    """A reader of some words, and the chunks that it asked for."""

    def __init__(self, library: Library, known: list[str], tokens: Tokens = "words", lowercase: bool = True) -> None:
        self.words: Callable[[str], list[str]] = lambda text: words(text, tokens=tokens, lowercase=lowercase)
        self.ids = {word: number for number, word in enumerate(dict.fromkeys([UNKNOWN, *known]))}
        self.reader = Tokenizer(library, encode(list(self.ids)), splits=tokens == "words", lowers=lowercase)
        self.asked: list[str] = []

    def read(self, chunks: list[str]) -> Any:
        self.asked += chunks
        numbers = self.expected(chunks)
        return np.array(list(chain.from_iterable(numbers)), np.int64), np.array(list(map(len, numbers)), np.int64)

    def expected(self, texts: list[str]) -> list[list[int]]:
        return [[self.ids.get(word, 0) for word in self.words(text)] for text in texts]

    def found(self, texts: list[str]) -> list[list[int]]:
        ids, lengths = self.reader.ids(texts, self.read)
        return [own.tolist() for own in np.split(ids, np.cumsum(lengths))[:-1]]


@many
@given(texts=texts, lowercase=st.booleans(), tokens=st.sampled_from(["words", "space"]), data=st.data())
@example(
    texts=[
        "-LRB- -lrb-film --lrb- a.b.c Mr.X x.Yy filmy.Yes filmy.no 1,000.5 a,b 1:30 5. 12.5.",
        "<br/><br />/></a <3",
    ],
    lowercase=False,
    tokens="words",
    data=None,
)
def test_every_chunk_is_read_as_by_the_rules(
    texts: list[str], lowercase: bool, tokens: Tokens, data: st.DataObject | None, compiled: Library
) -> None:
    met = [word for text in texts for word in words(text, tokens=tokens, lowercase=lowercase)]
    known = met if data is None else [word for word in met if data.draw(st.booleans())]
    reading = Reading(compiled, known, tokens, lowercase)
    for _ in range(2):  # read, and remembered
        assert reading.found(texts) == reading.expected(texts)


def test_what_most_of_a_text_is_made_of_is_split_without_python(compiled: Library) -> None:
    text = 'Well-made, "film" (great!The 1,000 things): it costs $3.50 -- no... wait* <br /><br/>Heading.<br a=1 [x] %'
    reading = Reading(compiled, words(text))
    assert reading.found([text, text.upper()]) == reading.expected([text, text.upper()])
    assert 0 not in chain.from_iterable(reading.found([text]))
    assert reading.asked == []
    spaces = Reading(compiled, ["it's", "that/this"], "space")
    assert spaces.found(["It's &amp; that/this"]) == [[1, 0, 2]]
    assert spaces.asked == []


def test_what_only_the_rules_can_split_is_asked_for_once(compiled: Library) -> None:
    texts = ["don't ask’s café", "U.S. don't and/or &amp; x_y a@b #39; don't"]
    reading = Reading(compiled, list(chain.from_iterable(map(words, texts))))
    for _ in range(3):
        assert reading.found(texts) == reading.expected(texts)
    assert reading.asked == ["don't", "ask’s", "café", "U.S.", "and/or", "&amp;", "x_y", "a@b", "#39;"]


def test_a_chunk_whose_words_could_not_be_asked_for_is_asked_for_again(compiled: Library) -> None:
    reading = Reading(compiled, ["do", "n't"])

    def interrupted(_: list[str]) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reading.reader.ids(["do don't"], interrupted)
    assert reading.found(["don't do"]) == [[1, 2, 1]]


def test_memory_stays_bounded_and_what_was_forgotten_is_read_again(compiled: Library) -> None:
    reading = Reading(compiled, ["film", "'s"])
    long = [f"{number}{'x' * 4_000_000}" for number in range(6)]
    for text in long:
        assert reading.found([f"film's {text} film"]) == [[1, 2, 0, 1]]
    assert reading.asked.count("film's") == 2


def test_several_threads_read_at_once(compiled: Library) -> None:
    random = np.random.default_rng(0)
    known = [f"word{number}" for number in range(50)]
    spoken = [
        " ".join(random.choice([*known, "other", "it's", "word1,", "(Word2)"], random.integers(0, 40)))
        for _ in range(400)
    ]
    reading = Reading(compiled, known)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(reading.found, [spoken[start : start + 7] for start in range(0, 400, 7)])
    assert list(chain.from_iterable(found)) == reading.expected(spoken)


def test_texts_of_0_1_and_10000_words_and_many_distinct_ones(compiled: Library) -> None:
    reading = Reading(compiled, ["good", "good-", "-", "7"], lowercase=False)
    distinct = [f"{'good-' * (number % 30)}{number}" for number in range(10_000)]
    texts = ["", " ".join(distinct), "good", " ".join(reversed(distinct)), "a" * 64, "a" * 65, "a" * 100_000]
    assert reading.found(texts) == reading.expected(texts)


@each("sizes", [[3], [-1], [2, 1], []])
def test_an_answer_of_another_size_is_refused_before_it_is_copied(sizes: list[int], compiled: Library) -> None:
    reader = Tokenizer(compiled, encode([UNKNOWN, "do"]), splits=True, lowers=False)
    with pytest.raises(ValueError, match="2 ids"):
        reader.ids(["don't"], lambda _: (np.zeros(2, np.int32), np.array(sizes, np.int64)))
