"""What the lecture's example shows: two sentences save no model, shared contexts save the neural one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.language_models.apples_and_oranges import FRUITS, NEVER_TOGETHER, TWO_SENTENCES, UNSEEN, fruit_corpus
from unrolled.language_models.language_model import LanguageModel
from unrolled.text.tokens import words

SEEDS = range(10)


def of_apples(model: LanguageModel) -> float:
    return dict(model.next_words("I love", len(model.vocabulary)))["apples"]


@pytest.mark.parametrize("order", [3, 5])
def test_on_two_sentences_alone_counting_gives_the_unseen_ones_zero(fitted: Callable[..., Any], order: int) -> None:
    model = fitted(model="maximum-likelihood", order=order).model
    assert [model.score(sentence).log_probability for sentence in UNSEEN] == [-math.inf] * 2
    assert all(model.score(sentence).log_probability == pytest.approx(-math.log(2)) for sentence in TWO_SENTENCES)


@pytest.mark.parametrize("seed", range(3))
def test_on_two_sentences_alone_the_neural_model_falls_towards_zero_as_training_goes_on(
    fitted: Callable[..., Any], seed: int
) -> None:
    """It begins near 1/7 and rises a little while it learns that the fruits stand there; then it falls and falls."""
    found = [
        of_apples(fitted(max_epochs=epochs, learning_rate=0.01, random_state=seed).model)
        for epochs in (10, 30, 100, 300)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.1
    assert found[-1] < 0.001


def test_the_grown_corpus_holds_the_lecture_s_sentences_and_no_pair_that_the_unseen_ones_need() -> None:
    for seed in SEEDS:
        corpus = fruit_corpus(seed)
        assert len(corpus) == 400
        assert set(TWO_SENTENCES) <= set(corpus)
        pairs = {pair for line in corpus for pair in zip(words(line), words(line)[1:], strict=False)}
        assert not pairs & NEVER_TOGETHER
        assert {("like", "pears"), ("love", "pears"), ("the", "apples"), ("the", "oranges")} <= pairs
    assert fruit_corpus(1) == fruit_corpus(1) != fruit_corpus(2)


@pytest.mark.torture
@each("seed", SEEDS)
def test_with_shared_contexts_the_neural_model_beats_kneser_ney_of_any_order_on_the_unseen_sentences(
    fitted: Callable[..., Any], seed: int
) -> None:
    corpus = fruit_corpus(seed)
    neural = fitted(corpus, random_state=seed).model
    for order in (2, 3, 4, 5):
        counting = fitted(corpus, model="kneser-ney", order=order).model
        for sentence in UNSEEN:
            assert neural.score(sentence).log_probability > counting.score(sentence).log_probability + 1
    found = neural.next_words("I love", len(neural.vocabulary))
    assert {word for word, _ in found[: len(FRUITS)]} == set(FRUITS)
    assert np.sum([share for _, share in found]) == pytest.approx(1)
