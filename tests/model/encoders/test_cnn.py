"""The convolution against the lecture's equation, written out in NumPy, against torch's, and the lecture's example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.encoders.cnn import CNN

IDS = np.array([[2, 5, 5, 0, 1, 6], [7, 99, 99, 99, 99, 99], [3, 4, 99, 99, 99, 99], [99] * 6, [1, 6, 2, 99, 99, 99]])
LENGTHS = np.array([6, 1, 2, 0, 3])
SIZES: list[tuple[int, ...]] = [(2, 3, 4), (1,), (5, 2), (3, 3), (8,)]  # (8,): longer than every text

ALICE_TREATS_BOB_WELL = np.array(
    [[0.7, 8.6, -2.4, 2.3], [2.7, -3.9, -5.6, 1.1], [-0.1, 6.7, 1.5, 2.0], [-5.7, -9.8, -1.6, -1]]
)


def equation(weights: dict[str, Any], x: Any, ids: Any, lengths: Any) -> Any:
    encodings = []
    for words, T in zip(ids, lengths, strict=True):
        h, tower = [], 0
        while f"{tower}.W" in weights:
            W, b = weights[f"{tower}.W"], weights[f"{tower}.b"]
            k, d, F = W.shape
            text = [x[word] for word in words[:T]] + [np.zeros(d)] * (k - T)
            for f in range(F):
                v = [
                    sum(W[j, m, f] * text[i + j][m] for j in range(k) for m in range(d))
                    for i in range(len(text) - k + 1)
                ]
                h.append(max(0.0, max(v) + b[f]))
            tower += 1
        encodings.append(h)
    return np.array(encodings)


@pytest.mark.parametrize("sizes", SIZES)
def test_equals_the_equation(sizes: tuple[int, ...], draw: Callable[..., Any], encode: Callable[..., Any]) -> None:
    encoder, x = CNN(input_size=4, filter_sizes=sizes, num_filters=3), np.random.default_rng(1).normal(size=(8, 4))
    weights = draw(encoder)
    found = encode(encoder, weights, x, IDS, LENGTHS)
    assert found == pytest.approx(equation(weights, x, IDS, LENGTHS), abs=1e-10, rel=0)


@pytest.mark.parametrize("sizes", [(1, 3), (2, 5)])
def test_gradients_equal_finite_differences(
    sizes: tuple[int, ...], draw: Callable[..., Any], largest_error_of_gradients: Callable[..., float]
) -> None:
    encoder, x = CNN(input_size=3, filter_sizes=sizes, num_filters=2), np.random.default_rng(2).normal(size=(8, 3))
    assert largest_error_of_gradients(encoder, equation, draw(encoder), x, IDS, LENGTHS) < 1e-7


@pytest.mark.parametrize("sizes", SIZES)
def test_equals_torch_s_convolution_and_maximum(
    sizes: tuple[int, ...], draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder, x = CNN(input_size=4, filter_sizes=sizes, num_filters=3), np.random.default_rng(4).normal(size=(8, 4))
    weights = draw(encoder)
    expected = []
    for words, T in zip(IDS, LENGTHS, strict=True):
        towers = []
        for tower, size in enumerate(sizes):
            layer = torch.nn.Conv1d(4, 3, size, dtype=torch.float64)
            layer.weight.data = torch.tensor(weights[f"{tower}.W"].transpose(2, 1, 0))  # (filters, input, size)
            layer.bias = torch.nn.Parameter(torch.tensor(weights[f"{tower}.b"]))
            text = np.pad(x[words[:T]], ((0, max(0, size - T)), (0, 0)))
            towers.append(layer(torch.tensor(text.T)[None]).relu().amax(dim=2)[0])
        expected.append(torch.cat(towers).detach().numpy())
    assert encode(encoder, weights, x, IDS, LENGTHS) == pytest.approx(np.array(expected), abs=1e-10, rel=0)


@settings(deadline=None)
@given(T=st.integers(0, 9), k=st.integers(1, 9), more=st.integers(0, 3))
def test_windows_begin_at_every_word_that_leaves_room_for_the_rest(T: int, k: int, more: int) -> None:
    # word t is the t-th unit vector; filter t answers 1 to a window that begins with word t, and 0 to any other
    words = np.eye(10)
    W = np.zeros((k, 10, 10))
    W[0] = np.eye(10)
    encoder = CNN(input_size=10, filter_sizes=(k,), num_filters=10)
    weights = {"0.W": W, "0.b": np.zeros(10)}
    ids = np.arange(T + more + 1)[None] % 10
    began = encoder.read(weights, encoder.project(weights, words), ids, np.array([T]))[0]
    expected = {i for i in range(T) if i + k <= T} or set(range(min(T, 1)))  # one window where the text is shorter
    assert {t for t in range(10) if began[t] == 1} == expected
    assert set(began) <= {0.0, 1.0}


@pytest.mark.parametrize(("k", "windows"), [(2, 3), (3, 2), (4, 1)])
def test_four_words_have_the_lecture_s_numbers_of_windows(k: int, windows: int, encode: Callable[..., Any]) -> None:
    W = np.zeros((k, 4, 4))
    W[0] = np.eye(4)
    encoder = CNN(input_size=4, filter_sizes=(k,), num_filters=4)
    began = encode(encoder, {"0.W": W, "0.b": np.zeros(4)}, np.eye(4), np.array([[0, 1, 2, 3]]), np.array([4]))
    assert began.sum() == windows


def test_the_first_window_of_size_2_is_the_lecture_s(encode: Callable[..., Any]) -> None:
    W = np.zeros((2, 4, 1))
    W[0, 0, 0], W[1, 0, 0] = 2.0, 3.0  # W[1,1] and W[1,2] on the slide
    encoder = CNN(input_size=4, filter_sizes=(2,), num_filters=1)
    first = encode(encoder, {"0.W": W, "0.b": np.zeros(1)}, ALICE_TREATS_BOB_WELL, np.array([[0, 1]]), np.array([2]))
    assert first.item() == pytest.approx(2 * 0.7 + 3 * 2.7)
    # the other two windows, 2 * 2.7 - 3 * 0.1 = 5.1 and 2 * -0.1 - 3 * 5.7, answer less
    whole = encode(
        encoder, {"0.W": W, "0.b": np.zeros(1)}, ALICE_TREATS_BOB_WELL, np.array([[0, 1, 2, 3]]), np.array([4])
    )
    assert whole.item() == first.item()


def test_the_window_of_size_4_is_the_lecture_s(encode: Callable[..., Any]) -> None:
    W = np.zeros((4, 4, 1))
    W[:, 1, 0] = 1.0, 2.0, 3.0, -1.0
    encoder = CNN(input_size=4, filter_sizes=(4,), num_filters=1)
    only = encode(
        encoder, {"0.W": W, "0.b": np.zeros(1)}, ALICE_TREATS_BOB_WELL, np.array([[0, 1, 2, 3]]), np.array([4])
    )
    assert only.item() == pytest.approx(1 * 8.6 + 2 * -3.9 + 3 * 6.7 - 1 * -9.8)
