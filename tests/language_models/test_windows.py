"""Lines of text → the words and windows that a language model reads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.language_models.windows import build_vocabulary, history, split, windows
from unrolled.text.tokens import words


def test_every_word_and_the_end_stand_behind_the_words_before() -> None:
    expected = [[1, 1, 5], [1, 5, 3], [5, 3, 0], [3, 0, 1]]
    assert windows(np.array([5, 3, 0]), 3).tolist() == expected
    assert windows(np.array([], np.int64), 3).tolist() == [[1, 1, 1]]
    assert windows(np.array([5, 3]), 1).tolist() == [[5], [3], [1]]


@given(st.lists(st.integers(2, 9), max_size=8), st.integers(1, 6))
def test_the_history_of_the_next_word_is_what_a_further_word_would_be_read_after(line: list[int], order: int) -> None:
    longer = windows(np.array([*line, 7]), order)
    assert history(np.array(line, np.int64), order).tolist() == longer[len(line), :-1].tolist()


def test_words_are_those_of_the_tokenizer_and_a_written_end_is_an_unknown_word() -> None:
    text = "Don't STOP </s> now."
    assert split(text, tokens="words", lowercase=True) == ["do", "n't", "stop", "<unk>", "now", "."]
    assert split("A  b", tokens="space", lowercase=False) == words("A  b", tokens="space", lowercase=False)


@pytest.mark.parametrize(
    ("limits", "known"),
    [({}, ["b", "a", "c"]), ({"min_count": 2}, ["b", "a"]), ({"max_features": 1}, ["b"])],
)
def test_the_vocabulary_begins_with_what_every_model_has(limits: dict[str, int], known: list[str]) -> None:
    lines = [["b", "a", "b"], ["<unk>", "b", "a", "c"]]
    assert build_vocabulary(lines, **limits).words == ("<unk>", "</s>", *known)
