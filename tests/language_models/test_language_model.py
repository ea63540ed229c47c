"""A trained model of every kind: what it says of lines is the sum over their words, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest


def test_a_line_s_score_is_the_sum_over_its_words_and_its_end(model: Any) -> None:
    read = ["I", "like", "oranges"]
    expected = 0.0
    for place, word in enumerate([*read, "</s>"]):
        share = dict(model.next_words(" ".join(read[:place]), 99))[word.lower()]
        expected += math.log(share) if share else -math.inf
    score = model.score("I like oranges")
    assert score.log_probability == pytest.approx(expected, rel=1e-5)
    assert (score.words, score.unknown, score.of_unknown) == (3, 0, 0.0)


def test_unknown_words_are_counted_and_have_the_unknown_word_s_probability(model: Any) -> None:
    score = model.score("I like zebras and zebras")
    assert (score.words, score.unknown) == (5, 3)
    share = dict(model.next_words("I like", 99))["<unk>"]
    only = model.score("I like zebras")
    assert only.of_unknown == pytest.approx(math.log(share) if share else -math.inf, rel=1e-5)


def test_the_perplexity_of_lines_is_that_of_their_scores(model: Any) -> None:
    lines = ["I like apples", "I love oranges", "I like apples"]
    total = sum(model.score(line).log_probability for line in lines)
    assert model.perplexity(lines).perplexity == pytest.approx(math.exp(-total / 12))


def test_the_next_words_are_the_likeliest_in_order_and_all_together_sum_to_1(model: Any) -> None:
    found = model.next_words("I", 99)
    shares = [share for _, share in found]
    assert shares == sorted(shares, reverse=True)
    assert np.sum(shares) == pytest.approx(1)
    assert {word for word, _ in found} == set(model.vocabulary.words)
    assert model.next_words("I", 2) == found[:2]
    assert {word for word, _ in found[:2]} == {"like", "love"}


def test_only_the_words_within_the_window_count(model: Any) -> None:
    assert model.next_words("oranges apples I like", 9) == model.next_words("I like", 9)
    assert model.next_words("I love", 9) != model.next_words("I like", 9)


def test_an_empty_line_is_an_end_alone(model: Any) -> None:
    score = model.score("  ")
    assert (score.words, score.unknown) == (0, 0)
    share = dict(model.next_words("", 99))["</s>"]
    assert score.log_probability == pytest.approx(math.log(share) if share else -math.inf, rel=1e-5)
