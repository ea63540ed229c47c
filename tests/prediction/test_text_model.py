"""Texts of all lengths → probabilities in the order of the texts, held against NumPy written out here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax as scipy_softmax

from tests.each import each
from unrolled.calibration.abstention import Abstention
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.model.weights import initialize
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary

WORDS = ["<unk>", *(f"w{number}" for number in range(30))]
LABELS = ("a", "b", "c")
SMALL = {"hidden_size": 8, "num_filters": 4}


def model_of(encoder: str, options: dict[str, Any], words: list[str] = WORDS, **reading: Any) -> TextModel:
    config = Config(encoder, options, TextConfig(embedding_dim=5, **reading), LABELS)
    random, drawn = np.random.default_rng(1), initialize(config.network(len(words)).weights(), 0)
    weights = {name: (w + random.normal(0, 0.3, w.shape)).astype("f4") for name, w in drawn.items()}
    return TextModel(config, Vocabulary(words), weights)


MODELS = {
    name: model_of(name, options={option: size for option, size in SMALL.items() if option in encoder_options(name)})
    for name in encoder_names()
}
AVERAGE = model_of("average", {"num_layers": 0})


def by_hand(model: TextModel, texts: list[list[str]]) -> np.ndarray[Any, Any]:
    """Average the words' vectors, then a softmax, in float64."""
    w = {name: weight.astype("f8") for name, weight in model.weights.items()}
    number = {word: row for row, word in enumerate(model.vocabulary.words)}
    table = w["embeddings.tuned"]
    means = [np.mean([table[number.get(word, 0)] for word in text], axis=0) if text else np.zeros(5) for text in texts]
    e = np.exp(np.array(means) @ w["classifier.W"] + w["classifier.b"])
    found: np.ndarray[Any, Any] = e / e.sum(axis=1, keepdims=True)
    return found


texts_of_words = st.lists(st.lists(st.sampled_from([*WORDS[1:], "new", "W3"]), max_size=12), min_size=1, max_size=20)


@settings(deadline=None)
@given(texts_of_words)
def test_an_averaging_model_is_a_mean_and_a_softmax(texts: list[list[str]]) -> None:
    found = AVERAGE.probabilities([" ".join(text) for text in texts])
    read = [[word.lower() for word in text] for text in texts]
    np.testing.assert_allclose(found, by_hand(AVERAGE, read), rtol=1e-5)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    assert found.dtype == np.float64


@each("encoder", encoder_names())
def test_the_order_of_the_texts_is_kept_and_their_company_changes_nothing(encoder: str) -> None:
    model, random = MODELS[encoder], np.random.default_rng(0)
    texts = [" ".join(random.choice(WORDS[1:], random.integers(0, 30))) for _ in range(150)]
    together = model.probabilities(texts)
    alone = np.concatenate([model.probabilities([text]) for text in texts])
    order = random.permutation(len(texts))
    np.testing.assert_allclose(together, alone, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(model.probabilities([texts[row] for row in order]), together[order], rtol=1e-6)
    assert len({row.tobytes() for row in together.round(4)}) > 100  # texts are told apart, so an exchange would show


@each("encoder", encoder_names())
@each("text", ["", "   ", "\n", "…", "newword", "w1 " * 3000])
def test_every_text_has_finite_probabilities(encoder: str, text: str) -> None:
    found = MODELS[encoder].probabilities([text])
    assert found.shape == (1, 3)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(MODELS[encoder].probabilities([text, text]), np.concatenate([found, found]), rtol=1e-6)


@each("encoder", encoder_names())
def test_no_texts_give_no_rows_of_all_classes(encoder: str) -> None:
    assert MODELS[encoder].probabilities([]).shape == (0, 3)
    assert MODELS[encoder].logits([]).shape == (0, 3)


def test_an_empty_text_is_judged_by_the_bias_alone() -> None:
    np.testing.assert_allclose(AVERAGE.probabilities([""]), by_hand(AVERAGE, [[]]), rtol=1e-6)


@each("encoder", encoder_names())
def test_all_unknown_words_are_one_word(encoder: str) -> None:
    model = MODELS[encoder]
    np.testing.assert_array_equal(model.logits(["w1 never w2"]), model.logits(["w1 seen w2"]))
    assert (model.logits(["w1 never w2"]) != model.logits(["w1 w3 w2"])).any()


@pytest.mark.parametrize(
    ("reading", "text", "read"),
    [
        ({"lowercase": True}, "Good GOOD", ["good", "good"]),
        ({"lowercase": False}, "Good GOOD", ["Good", "GOOD"]),
        ({"tokens": "words"}, "good.", ["good", "."]),
        ({"tokens": "space"}, "good. x", ["good.", "x"]),
    ],
)
def test_a_text_is_read_as_the_config_says(reading: dict[str, Any], text: str, read: list[str]) -> None:
    words = ["<unk>", "good", "Good", "GOOD", ".", "good.", "x"]
    model = model_of("average", {"num_layers": 0}, words, **reading)
    np.testing.assert_allclose(model.probabilities([text]), by_hand(model, [read]), rtol=1e-5)


def test_large_logits_give_finite_probabilities() -> None:
    weights = {name: weight * 1e4 for name, weight in AVERAGE.weights.items()}
    found = TextModel(AVERAGE.config, AVERAGE.vocabulary, weights).probabilities(["w1 w2", "w5"])
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    assert found.max() > 0.999


@each("encoder", encoder_names())
def test_begun_anew_the_same_texts_have_the_same_bits_whatever_was_read_before(encoder: str) -> None:
    model, random = MODELS[encoder], np.random.default_rng(3)
    before, texts = ([" ".join(random.choice(WORDS[1:], 9)) for _ in range(40)] for _ in range(2))
    model.reset_cache()
    first = model.logits(texts)
    model.reset_cache()
    model.logits(before)
    model.reset_cache()
    np.testing.assert_array_equal(model.logits(texts), first, strict=True)
    assert model.table is not None
    model.reset_cache()
    assert model.table.table is None, "nothing is kept of what was projected in other company"


@each("temperature", [0.01, 0.5, 3.0, 100.0])
@each("encoder", encoder_names())
def test_a_temperature_divides_the_logits_and_changes_no_prediction(encoder: str, temperature: float) -> None:
    plain, texts = MODELS[encoder], ["w1 w2", "w3", "", "w4 w5 w6 w7 new"]
    config = replace(plain.config, abstention=Abstention(temperature=temperature))
    cool = replace(plain, config=config)
    np.testing.assert_array_equal(cool.logits(texts), plain.logits(texts))
    expected = scipy_softmax(plain.logits(texts).astype(float) / temperature, axis=1)
    np.testing.assert_allclose(cool.probabilities(texts), expected, rtol=1e-12)
    np.testing.assert_array_equal(cool.probabilities(texts).argmax(axis=1), plain.probabilities(texts).argmax(axis=1))
    words = [text.split() for text in texts]
    np.testing.assert_allclose(cool.probabilities_of_words(words), cool.probabilities(texts), rtol=1e-6)
