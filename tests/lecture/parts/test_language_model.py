"""The recap of language models: zeros counted by hand, and the network written out in NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from unrolled.lecture.weights import WINDOW

WORDS = ["<unk>", "</s>", "I", "apples", "like", "love", "oranges"]


def test_counting_gives_what_was_seen_one_half_and_the_test_sentences_zero(
    told: Callable[[str], list[str]], values: Callable[[str], dict[str, list[float]]]
) -> None:
    told_about = [line.strip() for line in told("language_model") if line.strip().startswith(("seen:", "test:"))]
    assert told_about == ["seen: I like apples", "seen: I love oranges", "test: I love apples", "test: I like oranges"]
    assert values("language_model")["P"] == [0.5, 0.5, 0, 0]
    assert any("P(apples | I love) = 0" in line for line in told("language_model"))


def test_the_network_s_prediction(
    values: Callable[[str], dict[str, list[float]]], rows: Callable[[str, str], list[list[float]]]
) -> None:
    e = WINDOW["embeddings.e"]
    x = np.concatenate([e[WORDS.index("I")], e[WORDS.index("love")]])
    h = np.tanh(x @ WINDOW["hidden.W"] + WINDOW["hidden.b"])
    s = h @ WINDOW["output.W"] + WINDOW["output.b"]
    P = np.exp(s) / np.exp(s).sum()
    found = values("language_model")
    assert [found["h[1]"][0], found["h[2]"][0]] == pytest.approx(h, abs=1e-4)
    for word, logit, p in zip(WORDS, s, P, strict=True):
        assert rows("language_model", word)[-1] == pytest.approx([logit, p], abs=1e-4)


def test_it_is_said_that_two_sentences_teach_a_network_no_better(told: Callable[[str], list[str]]) -> None:
    text = " ".join(told("language_model"))
    assert "a neural model does not save the test sentences either" in text
    assert "unrolled lm train" in text
