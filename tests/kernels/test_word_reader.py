"""Random texts and vocabularies → the ids of the words that `tokens` reads, and nothing is read outside the texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unrolled.kernels.library import Library
from unrolled.kernels.word_reader import WordReader
from unrolled.model.tokens import words

many = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
KNOWN = ["<unk>", "good", "Good", "n't", "do", ".", "1,000", "well-made", "<br", "a" * 64, "a" * 65, "é", "\ud800"]
pieces = st.one_of(
    st.sampled_from(
        [*KNOWN[1:], "don't", "GOOD", "U.S.", "Mr.", "-", "--", "...", "/>", "<br/>", "&amp;", ",", "\0", "a.b"]
    ),
    st.sampled_from([" ", "  ", "\t", "\n", "\x1c", "\xa0", "\u2003"]),
    st.text(st.characters(max_codepoint=127), max_size=3),
    st.text(max_size=2),
)
texts = st.lists(st.lists(pieces, max_size=10).map("".join), max_size=6)
places = {word: number for number, word in enumerate(KNOWN)}


def read_as(tokens: Literal["words", "space"], *, lowercase: bool) -> Callable[[str], list[int]]:
    """Give the ids of a text's words by the plain rules."""
    return lambda text: [places.get(word, 0) for word in words(text, tokens=tokens, lowercase=lowercase)]


def told(read: Callable[[str], list[int]]) -> Any:
    """Answer what only the rules of `tokens` can split."""

    def answer(chunks: list[str]) -> Any:
        found = list(map(read, chunks))
        return np.array([one for ids in found for one in ids], np.int32), np.array(list(map(len, found)), np.int64)

    return answer


@many
@given(batches=st.lists(texts, min_size=1, max_size=3), splits=st.booleans(), lowers=st.booleans())
def test_ids_are_those_of_the_words(
    batches: list[list[str]], splits: bool, lowers: bool, compiled: Library, called: list[str]
) -> None:
    read = read_as("words" if splits else "space", lowercase=lowers)
    reader = WordReader(compiled, KNOWN, splits=splits, lowers=lowers)
    called.clear()
    for batch in [*batches, *batches]:  # read, and remembered
        ids, lengths = reader.ids(batch, told(read))
        expected = list(map(read, batch))
        assert ids.tolist() == [one for text in expected for one in text]
        assert lengths.tolist() == list(map(len, expected))
    assert set(called) == {"word_reader_chunks", "word_reader_lengths", "word_reader_ids"}


def test_texts_of_0_1_and_10000_words_and_many_distinct_ones(compiled: Library) -> None:
    read = read_as("words", lowercase=False)
    reader = WordReader(compiled, KNOWN, splits=True, lowers=False)
    distinct = [f"{'good-' * (number % 30)}{number}" for number in range(10_000)]
    batch = ["", " ".join(distinct), "good", " ".join(reversed(distinct)), "a" * 64, "a" * 65, "a" * 100_000]
    ids, lengths = reader.ids(batch, told(read))
    expected = list(map(read, batch))
    assert lengths.tolist() == list(map(len, expected))
    assert ids.tolist() == [one for text in expected for one in text]


def test_what_went_wrong_is_forgotten(compiled: Library) -> None:
    read = read_as("words", lowercase=False)
    reader = WordReader(compiled, KNOWN, splits=True, lowers=False)

    def fails(chunks: list[str]) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reader.ids(["good don't"], fails)
    assert reader.ids(["don't good"], told(read))[0].tolist() == [places["do"], places["n't"], places["good"]]


@pytest.mark.parametrize("sizes", [[3], [-1], [2, 1], []])
def test_an_answer_of_another_size_is_refused_before_it_is_copied(sizes: list[int], compiled: Library) -> None:
    reader = WordReader(compiled, KNOWN, splits=True, lowers=False)
    with pytest.raises(ValueError, match="2 ids"):
        reader.ids(["don't"], lambda _: (np.zeros(2, np.int32), np.array(sizes, np.int64)))
