"""A language model and text → its perplexity, equal to what the scores of `lm score` give."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEXT = b"I love apples\n\nyou eat zebras\nthe plums are red\n"


def test_the_object_has_the_promised_keys_and_the_numbers_of_the_scores(
    unrolled: Callable[..., Any], language_model: Path
) -> None:
    (found,) = unrolled("lm", "evaluate", language_model, "-", "--json", stdin=TEXT).answers
    assert list(found) == ["lines", "words", "unknown", "perplexity", "known_perplexity"]
    scores = unrolled("lm", "score", language_model, "-", stdin=TEXT.replace(b"\n\n", b"\n")).answers
    assert found["lines"] == len(scores) == 3
    assert found["words"] == sum(score["words"] for score in scores) == 10
    assert found["unknown"] == sum(score["unknown"] for score in scores) == 1
    total = sum(score["log_probability"] for score in scores)
    assert found["perplexity"] == pytest.approx(math.exp(-total / 13))
    assert found["known_perplexity"] < found["perplexity"]


def test_the_text_tells_the_numbers_of_the_object_and_how_unknown_words_are_treated(
    unrolled: Callable[..., Any], language_model: Path
) -> None:
    (found,) = unrolled("lm", "evaluate", language_model, "-", "--json", stdin=TEXT).answers
    out = unrolled("lm", "evaluate", language_model, "-", stdin=TEXT).out
    assert f"perplexity {found['perplexity']:.2f} over 10 words and 3 line ends, unknown words read as <unk>" in out
    assert f"perplexity {found['known_perplexity']:.2f} over known words and line ends only; 1 of 10" in out


def test_the_corpus_of_training_is_recognised_and_another_is_not(
    unrolled: Callable[..., Any], language_model: Path, corpus: Path
) -> None:
    assert "trained on this very text" in unrolled("lm", "evaluate", language_model, corpus).err
    assert "trained on" not in unrolled("lm", "evaluate", language_model, "-", stdin=TEXT).err


@pytest.mark.parametrize(("text", "told"), [(b"", "at least one line"), (b"I\n\n\xfe\n", "line 3")])
def test_text_that_cannot_be_used_is_told(
    unrolled: Callable[..., Any], language_model: Path, text: bytes, told: str
) -> None:
    assert told in unrolled("lm", "evaluate", language_model, "-", stdin=text).error()


def test_what_has_probability_0_makes_it_infinite(unrolled: Callable[..., Any], corpus: Path, tmp_path: Path) -> None:
    assert unrolled("lm", "train", corpus, "-o", tmp_path / "lm", "--model", "maximum-likelihood").code == 0
    (found,) = unrolled("lm", "evaluate", tmp_path / "lm", "-", "--json", stdin=b"I love apples\n").answers
    assert found["perplexity"] is None
    assert "perplexity inf" in unrolled("lm", "evaluate", tmp_path / "lm", "-", stdin=b"I love apples\n").out


def test_a_classifier_is_no_language_model(unrolled: Callable[..., Any], model: Path, corpus: Path) -> None:
    assert "a classifier" in unrolled("lm", "evaluate", model, corpus).error()


def test_evaluating_scoring_and_naming_next_words_need_no_torch(language_model: Path, corpus: Path) -> None:
    calls = [["evaluate", str(language_model), str(corpus)], ["score", str(language_model), str(corpus)]]
    calls.append(["next", str(language_model), "I love"])
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from unrolled.cli.app import main\n"
        f"for words in {calls}:\n"
        "    sys.argv = ['unrolled', 'lm', *words]\n"
        "    try: main()\n"
        "    except SystemExit as done: assert not done.code\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1)  # that it was trained on this corpus
    assert len(done.stdout.splitlines()) == 2 + 100 + 10
