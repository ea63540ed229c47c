"""A language model and the beginning of a line → the likeliest next words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.each import each
from tests.folders.valid import seal, write_valid
from unrolled.language_models.saved_language_model import load


@each("words", ["I love", "", "the zebras"])
@each("top_k", [1, 3, 1000])
def test_the_words_are_the_model_s_and_the_text_tells_those_of_the_object(
    unrolled: Callable[..., Any], language_model: Path, words: str, top_k: int
) -> None:
    (found,) = unrolled("lm", "next", language_model, words, "--top-k", top_k, "--json").answers
    expected = load(language_model).next_words(words, top_k)
    assert found == {"text": words, "next": [{"word": word, "probability": share} for word, share in expected]}
    lines = unrolled("lm", "next", language_model, words, "--top-k", top_k).out.splitlines()
    assert [line.split() for line in lines] == [[f"{share:.4f}", word] for word, share in expected]


def test_ten_words_are_named_unless_another_number_is_asked_for(
    unrolled: Callable[..., Any], language_model: Path
) -> None:
    assert len(unrolled("lm", "next", language_model, "I").out.splitlines()) == 10


@pytest.mark.parametrize("top_k", ["0", "-1", "x"])
def test_fewer_than_one_word_is_wrong_usage(unrolled: Callable[..., Any], language_model: Path, top_k: str) -> None:
    done = unrolled("lm", "next", language_model, "I", "--top-k", top_k)
    assert (done.code, done.out) == (2, "")
    assert "--top-k" in done.err


def test_a_word_that_a_terminal_would_obey_or_that_is_none_is_shown_as_its_code(
    unrolled: Callable[..., Any], tmp_path: Path
) -> None:
    folder = write_valid(tmp_path / "lm", "window")
    (folder / "vocabulary.json").write_text(json.dumps(["<unk>", "</s>", "\x1b[2J", "\ud800", "a\nb", *"cdefghijk"]))
    seal(folder)
    done = unrolled("lm", "next", folder, "c", "--top-k", 14)
    assert done.code == 0
    shown = {line.split()[1] for line in done.out.splitlines()}
    assert {r"\x1b[2J", r"\xd800", r"a\x0ab"} < shown
