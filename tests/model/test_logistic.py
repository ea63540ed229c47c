"""Logistic regression → its declared laws, against ten lines of NumPy and against scikit-learn's own pipeline."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.errors import SettingError
from unrolled.model.logistic import Logistic
from unrolled.model.network import encode_texts
from unrolled.model.registry import encoder_options, make_linear
from unrolled.text.corpus import split
from unrolled.text.ngrams import ngrams
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary, pad

WORDS = ["bob", "likes", "alice", "and", "a", "b"]
KNOWN = ["<unk>", *WORDS, "bob likes", "likes alice", "alice likes", "a b", "bob likes alice", "a a"]
VOCABULARY = Vocabulary(KNOWN)
OPTIONS: list[dict[str, Any]] = [
    {},
    {"features": "counts"},
    *({"features": features, "ngram_range": r} for features in ("counts", "tfidf") for r in ((1, 1), (2, 2), (1, 3))),
    {"C": 0.5},
]
TEXTS = [
    ["bob", "likes", "alice"],
    [],
    ["a", "a", "a", "b", "a", "new"],
    ["new", "newer"],
    ["alice", "likes", "bob", "and", "bob", "likes", "alice"],
]
CLASSES = 3
texts_of_words = st.lists(st.lists(st.sampled_from([*WORDS, "new"]), max_size=8), min_size=1, max_size=6)


def made(options: dict[str, Any]) -> Logistic:
    return make_linear("logistic", len(KNOWN), CLASSES, options)


def weights_of(network: Logistic, kind: str = "f8") -> dict[str, Any]:
    random = np.random.default_rng(3)
    drawn = {name: random.uniform(-1, 2, weight.shape) for name, weight in network.weights().items()}
    if "idf" in drawn:
        drawn["idf"] = np.abs(drawn["idf"]) + 1
    return {name: value.astype(kind) for name, value in drawn.items()}


def read(network: Logistic, texts: list[list[str]], weights: Any = None) -> np.ndarray[Any, Any]:
    numbers = encode_texts(network, texts, VOCABULARY)
    return np.asarray(network.read(weights_of(network) if weights is None else weights, *pad(numbers)))


def equation(network: Logistic, texts: list[list[str]], weights: Any) -> np.ndarray[Any, Any]:
    logits = []
    shortest, longest = network.ngram_range
    for words in texts:
        x = np.zeros(len(KNOWN))
        for n in range(shortest, longest + 1):
            for t in range(len(words) - n + 1):
                ngram = " ".join(words[t : t + n])
                x[KNOWN.index(ngram) if ngram in KNOWN else 0] += 1
        x[0] = 0  # unknown
        if network.features == "tfidf":
            x = x * weights["idf"]
            x = x / (math.sqrt(sum(x * x)) or 1.0)
        logits.append(x @ weights["W"] + weights["b"])
    return np.array(logits)


def test_it_declares_the_laws_that_are_tested_here() -> None:
    tested = {int(name.split("_")[2]) for name in globals() if name.startswith("test_law_")}
    assert set(Logistic.laws) == tested


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@settings(max_examples=25)
@given(texts=texts_of_words)
def test_law_2_company_changes_nothing(options: dict[str, Any], texts: list[list[str]]) -> None:
    network = made(options)
    together = read(network, texts)
    alone = np.concatenate([read(network, [text]) for text in texts])
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-12)
    np.testing.assert_allclose(read(network, texts[::-1]), together[::-1], rtol=0, atol=1e-12)
    ids, lengths = pad(encode_texts(network, texts, VOCABULARY))
    junk = np.pad(ids, ((0, 0), (0, 3)), constant_values=7)
    np.testing.assert_array_equal(network.read(weights_of(network), junk, lengths), together)


@each("options", OPTIONS)
def test_law_3_the_shape_is_texts_by_classes_in_the_precision_of_the_weights(options: dict[str, Any]) -> None:
    network = made(options)
    for kind in ("f4", "f8"):
        for texts in (TEXTS[:0], TEXTS[1:2], TEXTS):
            found = read(network, texts, weights_of(network, kind))
            assert found.shape == (len(texts), CLASSES)
            assert found.dtype == kind
    assert network.weights()["W"].shape == (len(KNOWN), CLASSES)
    assert ("idf" in network.weights()) == (network.features == "tfidf")


@each("options", OPTIONS)
def test_law_4_a_text_without_known_ngrams_gives_b(options: dict[str, Any]) -> None:
    network = made(options)
    weights = weights_of(network)
    np.testing.assert_array_equal(read(network, [[], ["new", "newer"], ["<unk>"]], weights), [weights["b"]] * 3)


@each("options", OPTIONS)
def test_law_6_order_matters_exactly_as_declared(options: dict[str, Any]) -> None:
    network = made(options)
    before, after = read(network, [["bob", "likes", "alice"]]), read(network, [["alice", "likes", "bob"]])
    assert (np.abs(before - after).max() > 1e-6) == network.order_sensitive == (network.ngram_range[1] > 1)


@each("options", OPTIONS)
def test_law_7_saved_and_loaded_it_is_the_same_function(options: dict[str, Any]) -> None:
    network = made(options)
    weights = weights_of(network, "f4")
    loaded = safetensors.numpy.load(safetensors.numpy.save(weights))
    assert read(network, TEXTS, weights).tobytes() == read(network, TEXTS, loaded).tobytes()


@each("options", OPTIONS)
def test_law_8_numpy_and_torch_agree(options: dict[str, Any]) -> None:
    network = made(options)
    for kind, error in (("f4", 1e-6), ("f8", 1e-12)):
        weights = weights_of(network, kind)
        tensors = {name: torch.from_numpy(value) for name, value in weights.items()}
        expected = read(network, TEXTS, weights)
        assert np.abs(read(network, TEXTS, tensors) - expected).max() <= error * max(1, np.abs(expected).max())


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@settings(max_examples=25)
@given(texts=texts_of_words)
def test_law_9_it_equals_the_equation(options: dict[str, Any], texts: list[list[str]]) -> None:
    network = made(options)
    weights = weights_of(network)
    assert read(network, texts, weights) == pytest.approx(equation(network, texts, weights), abs=1e-10, rel=0)


@settings(max_examples=25)
@given(texts=texts_of_words, longest=st.integers(1, 3))
def test_numbers_are_those_of_the_known_ngrams(texts: list[list[str]], longest: int) -> None:
    numbers = encode_texts(made({"ngram_range": (1, longest)}), texts, VOCABULARY)
    for ids, words in zip(numbers, texts, strict=True):
        assert Counter(KNOWN[n] for n in ids) == Counter(n for n in ngrams(words, 1, longest) if n in KNOWN)


@settings(max_examples=50)
@given(texts=texts_of_words, ngram_range=st.sampled_from([(1, 1), (1, 2), (2, 2), (2, 3), (1, 3)]))
def test_a_corpus_is_numbered_as_lists_of_words_are(texts: list[list[str]], ngram_range: tuple[int, int]) -> None:
    network, corpus = made({"ngram_range": ngram_range}), split(map(" ".join, texts), TextConfig())
    numbers, lengths = network.number_together(corpus, VOCABULARY)
    expected, expected_lengths = network.number_together(list(corpus), VOCABULARY)
    assert numbers.tolist() == expected.tolist()
    assert lengths.tolist() == expected_lengths.tolist()


def test_every_distinct_ngram_of_a_corpus_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def looked_up(words: list[str]) -> Any:
        asked.extend(words)
        return np.zeros(len(words), np.int64)

    monkeypatch.setattr(VOCABULARY, "numbers", looked_up)
    made({}).number_together(split(["a a a a", "a a b"], TextConfig()), VOCABULARY)
    assert sorted(asked) == ["a", "a a", "a b", "b"]


def test_every_option_is_varied() -> None:
    for name, option in encoder_options("logistic").items():
        assert any(options.get(name, option.default) != option.default for options in OPTIONS)


@each(
    ("option", "value", "told"),
    [
        ("features", "idf", "one of counts, tfidf"),
        ("ngram_range", (2, 1), "Write 1,2"),
        ("ngram_range", (0, 1), "at least 1"),
        ("C", 0.0, "at least 1e-100"),
        ("hidden_size", 3, "'logistic'"),
    ],
)
def test_an_impossible_option_is_refused_and_named(option: str, value: Any, told: str) -> None:
    with pytest.raises(SettingError, match=told) as raised:
        made({option: value})
    assert raised.value.where == f"setting '{option}'"
