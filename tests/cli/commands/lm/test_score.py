"""A language model and lines → one JSON line a line, in their order, whatever stands in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.language_models.saved_language_model import load


def test_every_line_is_answered_in_order_with_the_promised_keys(
    unrolled: Callable[..., Any], language_model: Path
) -> None:
    lines = ["I love apples", "", "  zebras, zebras!", "</s> <unk> don't", "ünï\u2028côde"]
    done = unrolled("lm", "score", language_model, "-", stdin="\n".join(lines).encode())
    assert [list(answer) for answer in done.answers] == [["text", "log_probability", "words", "unknown"]] * 5
    assert [answer["text"] for answer in done.answers] == lines
    assert [(answer["words"], answer["unknown"]) for answer in done.answers] == [(3, 0), (0, 0), (4, 4), (4, 4), (2, 2)]
    model = load(language_model)
    assert [answer["log_probability"] for answer in done.answers] == [
        model.score(line).log_probability for line in lines
    ]
    assert done.err == ""


def test_a_line_that_is_no_text_has_its_error_and_the_others_their_scores(
    unrolled: Callable[..., Any], language_model: Path
) -> None:
    done = unrolled("lm", "score", language_model, "-", stdin=b"I love\n\xff\nI\n")
    first, bad, last = done.answers
    assert list(bad) == ["text", "error"]
    assert bad["text"] is None
    assert "line 2" in bad["error"]
    assert (first["words"], last["words"]) == (2, 1)
    assert "1 line couldn't be read" in done.err


@pytest.mark.parametrize("sentence", ["I love apples", "I like oranges"])
def test_probability_0_is_null(unrolled: Callable[..., Any], corpus: Path, tmp_path: Path, sentence: str) -> None:
    assert unrolled("lm", "train", corpus, "-o", tmp_path / "lm", "--model", "maximum-likelihood").code == 0
    (answer,) = unrolled("lm", "score", tmp_path / "lm", "-", stdin=sentence.encode()).answers
    assert answer == {"text": sentence, "log_probability": None, "words": 3, "unknown": 0}


def test_no_line_is_no_answer(unrolled: Callable[..., Any], language_model: Path) -> None:
    assert unrolled("lm", "score", language_model, "-").answers == []
