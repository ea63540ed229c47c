"""The window model against the lecture's equation in ten lines of NumPy, and its gradients by finite differences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from unrolled.errors import DataError
from unrolled.language_models import window
from unrolled.language_models.window import CHUNK, Window, WindowModel
from unrolled.model.classifier import log_softmax
from unrolled.model.weights import initialize

NETWORK = Window(words=7, order=4, embedding_dim=3, hidden_size=5)
HISTORIES = np.array([[1, 1, 1], [1, 1, 4], [6, 0, 2], [3, 3, 3]])
WORDS = np.array([4, 0, 1, 6])


def drawn(network: Window = NETWORK) -> dict[str, Any]:
    random = np.random.default_rng(3)
    return {name: random.normal(size=weight.shape) for name, weight in network.weights().items()}


def equation(weights: dict[str, Any], history: Any, word: int) -> float:
    x = [number for w in history for number in weights["embeddings.e"][w]]  # concatenated
    W, b = weights["hidden.W"], weights["hidden.b"]
    h = [math.tanh(sum(x[m] * W[m, n] for m in range(len(x))) + b[n]) for n in range(len(b))]
    U, c = weights["output.W"], weights["output.b"]
    y = [sum(h[n] * U[n, v] for n in range(len(h))) + c[v] for v in range(len(c))]
    return float(y[word]) - math.log(sum(math.exp(number) for number in y))


def test_equals_the_equation() -> None:
    weights = drawn()
    expected = [equation(weights, history, word) for history, word in zip(HISTORIES, WORDS, strict=True)]
    assert WindowModel(NETWORK, weights).log_probabilities(HISTORIES, WORDS) == pytest.approx(expected, abs=1e-10)


def test_torch_and_numpy_agree_and_training_s_loss_is_the_mean_of_log_p() -> None:
    weights = {name: torch.tensor(array) for name, array in drawn().items()}
    logits = NETWORK.logits(weights, HISTORIES)
    expected = WindowModel(NETWORK, drawn()).log_probabilities(HISTORIES, WORDS)
    assert log_softmax(logits)[torch.arange(4), WORDS].numpy() == pytest.approx(expected, abs=1e-12)
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(WORDS))
    assert loss.item() == pytest.approx(-expected.mean(), abs=1e-12)


def test_gradients_equal_finite_differences() -> None:
    weights = {name: torch.tensor(array, requires_grad=True) for name, array in drawn().items()}
    loss = log_softmax(NETWORK.logits(weights, HISTORIES))[torch.arange(4), WORDS].mean()
    loss.backward()
    for name, weight in weights.items():
        assert weight.grad is not None
        for place in np.ndindex(*weight.shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = drawn()
                moved[name][place] += step
                ends.append(np.mean([equation(moved, h, w) for h, w in zip(HISTORIES, WORDS, strict=True)]))
            assert weight.grad[place].item() == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-8), (name, place)


@given(order=st.integers(2, 5), seed=st.integers(0, 99))
def test_the_probabilities_of_all_words_sum_to_1(order: int, seed: int) -> None:
    network = Window(words=9, order=order, embedding_dim=2, hidden_size=3)
    model = WindowModel(network, initialize(network.weights(), seed))
    history = np.random.default_rng(seed).integers(0, 9, order - 1)
    found = model.distribution(history)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert (found > 0).all()
    every = model.log_probabilities(np.tile(history, (9, 1)), np.arange(9))
    assert np.exp(every) == pytest.approx(found, rel=1e-6)


def test_a_long_text_is_read_in_chunks_that_change_nothing() -> None:
    model = WindowModel(NETWORK, drawn())
    random = np.random.default_rng(0)
    histories, words = random.integers(0, 7, (2 * CHUNK + 3, 3)), random.integers(0, 7, 2 * CHUNK + 3)
    one_by_one = [model.log_probabilities(histories[i : i + 1], words[i : i + 1])[0] for i in range(len(words))]
    assert model.log_probabilities(histories, words) == pytest.approx(one_by_one, abs=1e-12)


def test_large_logits_do_not_overflow() -> None:
    assert log_softmax(np.array([[1e5, 0.0, 1e5]]))[0] == pytest.approx(
        [-math.log(2), -1e5 - math.log(2), -math.log(2)]
    )


def test_of_very_many_words_fewer_rows_are_read_together_and_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    model = WindowModel(NETWORK, drawn())
    expected = model.log_probabilities(HISTORIES, WORDS)
    for largest in (1, 7, 20):
        monkeypatch.setattr(window, "LARGEST", largest)
        assert model.log_probabilities(HISTORIES, WORDS) == pytest.approx(expected, abs=1e-12)


def test_an_overflow_is_told_and_no_probability() -> None:
    huge = {name: np.full(weight.shape, 3e38, np.float32) for name, weight in NETWORK.weights().items()}
    model = WindowModel(NETWORK, huge)
    with pytest.raises(DataError, match="overflow on this text"):
        model.distribution(HISTORIES[0])
    with pytest.raises(DataError, match="overflow on this text"):
        model.log_probabilities(HISTORIES, WORDS)
