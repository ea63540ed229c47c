"""Words put together from remembered chunks against the words of whole texts."""

from __future__ import annotations

import copy
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.model import chunks
from unrolled.model.chunks import Chunks, Splitter
from unrolled.model.reading import Reading
from unrolled.model.tokens import words

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
SPACES = [character for character in EVERY if character.isspace()]
# what rules look at from both sides of a space, capitals whose small letters hang on their neighbours, marks, joiners,
# emojis, halves of a pair
PIECES = (
    *("a", "I", "U.S", "mr", "Etc", "1", "000", "n't", "N’T", "'s", "'LL", "'", "’", "t", "rock", "'n'", "'em", "''"),
    *("U.S.", "p.m.", "``", "--", "-lrb-", "&amp;", "&", ";", "<br", "/>", "<", "-", "_", ".", ",", ":", "@", "\\/"),
    *("İ", "ı", "ſ", "\u212a", "Σ", "ΑΣ", "ς", "\u0345", "\u0301", "\u200d", "\u200c", "\ufe0f", "\U0001f44d"),
    *("\U0001f3fd", "\U0001f1e9", "\U0001f1ea", "\u20e3", "\ud83d", "\udc4d", "\0", "٣", "हि", "\u00ad", "\u180e"),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.sampled_from(SPACES) | st.characters(exclude_categories=())).map("".join)
READINGS = st.builds(Reading, tokens=st.sampled_from(["words", "space"]), lowercase=st.booleans())


@given(st.lists(TEXTS, max_size=4), READINGS)
def test_words_of_chunks_are_the_words_of_the_text(texts: list[str], reading: Reading) -> None:
    splitter = Splitter(reading)
    for text in [*texts, *texts]:  # read, and remembered
        assert splitter.words(text) == words(text, tokens=reading.tokens, lowercase=reading.lowercase)


def test_python_and_the_rules_see_the_same_spaces_and_small_letters_bring_in_none() -> None:
    assert re.findall(r"\s", "".join(EVERY)) == SPACES
    assert "".join(EVERY).lower().split() == [part.lower() for part in "".join(EVERY).split()]


@given(st.lists(st.sampled_from(["a", "B", "c.", "d" * 33, "x" * 32, "é"]), max_size=30), st.integers(1, 4))
def test_few_and_short_chunks_are_remembered_and_read_once_until_forgotten(drawn: list[str], most: int) -> None:
    read: Counter[str] = Counter()

    def upper(chunk: str) -> str:
        read[chunk] += 1
        return chunk.upper()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "MOST", most)
        memory = Chunks(upper)
        for chunk in drawn:
            assert list(memory.of(f" {chunk}\n{chunk}")) == [chunk.upper()] * 2
            assert len(memory) <= most
            assert all(len(known) <= 32 for known in memory)
    for chunk, times in Counter(drawn).items():
        if len(chunk) > 32:
            assert read[chunk] == 2 * times
        elif len(set(drawn)) <= most:
            assert read[chunk] == 1


def test_threads_that_make_each_other_forget_get_the_right_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MOST", 5)
    splitter = Splitter(Reading())
    texts = [" ".join(f"W{number * place % 23}." for place in range(9)) for number in range(300)]
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(splitter.words, texts * 4))
    finally:
        sys.setswitchinterval(switch)
    assert found == [words(text) for text in texts] * 4


def test_a_copy_reads_alike_and_remembers_nothing() -> None:
    splitter = Splitter(Reading(lowercase=False))
    splitter.words("Don't stop")
    same: Any = copy.deepcopy(splitter)
    assert (len(splitter.chunks), len(same.chunks)) == (2, 0)
    assert same.words("Don't stop") == ["Do", "n't", "stop"]
