"""The convolution against the lecture's equation, written out in NumPy, against torch's, and the lecture's example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.model.encoders.cnn import CNN

IDS = np.array([[2, 5, 5, 0, 1, 6], [7, 99, 99, 99, 99, 99], [3, 4, 99, 99, 99, 99], [99] * 6, [1, 6, 2, 99, 99, 99]])
LENGTHS = np.array([6, 1, 2, 0, 3])
SIZES: list[tuple[int, ...]] = [(2, 3, 4), (1,), (5, 2), (3, 3), (8,)]  # (8,): longer than every text

ALICE_TREATS_BOB_WELL = np.array(
    [[0.7, 8.6, -2.4, 2.3], [2.7, -3.9, -5.6, 1.1], [-0.1, 6.7, 1.5, 2.0], [-5.7, -9.8, -1.6, -1]]
)


def relu_of_every_window(W: Any, b: Any, x: list[Any]) -> list[Any]:
    k, d, F = W.shape
    x = x + [np.zeros(d)] * (k - len(x))  # a text shorter than the filter has one window
    windows = [x[i : i + k] for i in range(len(x) - k + 1)]
    v = [[sum(W[j, m, f] * x[j][m] for j in range(k) for m in range(d)) for f in range(F)] for x in windows]
    return [np.maximum(0, v_i + b) for v_i in v]


def equation(weights: dict[str, Any], x: Any, ids: Any, lengths: Any) -> Any:
    encodings = []
    for words, T in zip(ids, lengths, strict=True):
        encoding, tower = [], 0
        while f"0.{tower}.W" in weights:
            h, layer = [x[word] for word in words[:T]], 0
            while f"{layer}.{tower}.W" in weights:
                h = relu_of_every_window(weights[f"{layer}.{tower}.W"], weights[f"{layer}.{tower}.b"], h)
                layer += 1
            encoding.append(np.max(h, axis=0))
            tower += 1
        encodings.append(np.concatenate(encoding))
    return np.array(encodings)


@each("num_layers", [1, 2, 3])
@each("sizes", SIZES)
def test_equals_the_equation(
    sizes: tuple[int, ...], num_layers: int, draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder = CNN(input_size=4, filter_sizes=sizes, num_filters=3, num_layers=num_layers)
    weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))
    found = encode(encoder, weights, x, IDS, LENGTHS)
    assert found == pytest.approx(equation(weights, x, IDS, LENGTHS), abs=1e-10, rel=0)
    assert found.shape == (5, encoder.output_size)
    assert (found > 0).mean() > 0.2  # relu leaves something to compare


@each(("sizes", "num_layers"), [((1, 3), 1), ((2, 5), 1), ((1, 3), 2), ((2,), 3), ((4,), 2)])
def test_gradients_equal_finite_differences(
    sizes: tuple[int, ...],
    num_layers: int,
    draw: Callable[..., Any],
    largest_error_of_gradients: Callable[..., float],
) -> None:
    encoder = CNN(input_size=3, filter_sizes=sizes, num_filters=2, num_layers=num_layers)
    x = np.random.default_rng(2).normal(size=(8, 3))
    assert largest_error_of_gradients(encoder, equation, draw(encoder), x, IDS, LENGTHS) < 1e-7


@each("num_layers", [1, 2, 3])
@each("sizes", SIZES)
def test_equals_torch_s_convolutions_and_maximum_and_their_gradients(
    sizes: tuple[int, ...], num_layers: int, draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder = CNN(input_size=4, filter_sizes=sizes, num_filters=3, num_layers=num_layers)
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in draw(encoder).items()}
    x = torch.tensor(np.random.default_rng(4).normal(size=(8, 4)), requires_grad=True)
    theirs = []
    for words, T in zip(IDS, LENGTHS, strict=True):
        towers = []
        for tower, size in enumerate(sizes):
            h = x[words[:T]].T
            for layer in range(num_layers):
                W, b = (leaves[f"{layer}.{tower}.{symbol}"] for symbol in "Wb")
                h = torch.nn.functional.pad(h, (0, max(0, size - h.shape[1])))  # torch has no filter beyond the text
                h = torch.nn.functional.conv1d(h, W.permute(2, 1, 0), b).relu()
            towers.append(h.amax(dim=1))
        theirs.append(torch.cat(towers))
    ours, expected = encode(encoder, leaves, x, IDS, LENGTHS), torch.stack(theirs)
    assert ours.detach().numpy() == pytest.approx(expected.detach().numpy(), abs=1e-10, rel=0)
    seen = torch.tensor(np.random.default_rng(3).normal(size=tuple(ours.shape)))
    inputs = [x, *leaves.values()]
    gradients = [torch.autograd.grad((y * seen).sum(), inputs, materialize_grads=True) for y in (ours, expected)]
    for one, other in zip(*gradients, strict=True):
        assert one.numpy() == pytest.approx(other.numpy(), abs=1e-10, rel=0)


def test_two_layers_of_size_3_read_the_lecture_s_seven_words_in_5_and_3_windows_and_see_5_words(
    encode: Callable[..., Any],
) -> None:
    # "Alice treats Bob well so Bob thinks": 7 places; every weight is 1, so that a window counts what it is fed
    encoder, places = CNN(input_size=7, filter_sizes=(3,), num_filters=7, num_layers=2), np.arange(7)[None]
    W = np.zeros((3, 7, 7))
    W[:] = np.eye(7)
    weights = {"0.0.W": W, "0.0.b": np.zeros(7), "1.0.W": W, "1.0.b": np.zeros(7)}
    assert encoder.receptive_field == 5
    # word t is the t-th unit vector: filter t counts the paths from word t into one window of the last layer, 1 2 3 2 1
    paths = [[max(0, 3 - abs(word - window - 2)) for word in range(7)] for window in range(3)]
    found = encode(encoder, weights, np.eye(7), places, np.array([7]))
    assert found.tolist() == np.max(paths, axis=0)[None].tolist() == [[1, 2, 3, 3, 3, 2, 1]]
    # each layer's bias is added once a window: with biases alone every window of the second layer is 3 + 1
    biases = {**weights, "0.0.b": np.ones(7), "1.0.b": np.ones(7)}
    assert encode(encoder, biases, np.zeros((7, 7)), places, np.array([7])).tolist() == [[4] * 7]


@each(("T", "windows"), [(7, 3), (6, 2), (5, 1), (4, 1), (1, 1), (0, 1)])
def test_the_last_layer_has_a_window_wherever_its_receptive_field_fits_and_at_least_one(
    T: int, windows: int, encode: Callable[..., Any]
) -> None:
    # filter t of both layers passes the first place of a window on: it is 1 if a window of the last layer begins at t
    W = np.zeros((3, 7, 7))
    W[0] = np.eye(7)
    encoder = CNN(input_size=7, filter_sizes=(3,), num_filters=7, num_layers=2)
    weights = {"0.0.W": W, "0.0.b": np.zeros(7), "1.0.W": W, "1.0.b": np.zeros(7)}
    began = encode(encoder, weights, np.eye(7), np.arange(7)[None], np.array([T]))[0]
    assert began.tolist() == [1.0 if t < min(windows, T) else 0.0 for t in range(7)]


@each(("size", "num_layers"), [(1, 3), (2, 1), (2, 3), (3, 2), (4, 2)])
def test_words_further_apart_than_the_receptive_field_never_meet(
    size: int, num_layers: int, draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder = CNN(input_size=3, filter_sizes=(size,), num_filters=4, num_layers=num_layers)
    weights, x, T = draw(encoder), np.random.default_rng(5).normal(size=(30, 3)), 20
    field = 1 + num_layers * (size - 1)
    assert encoder.receptive_field == field
    # the encoding of a text is the maximum of those of its stretches of so many words, and not of shorter ones
    whole = encode(encoder, weights, x, np.arange(T)[None], np.array([T]))[0]

    def stretches(length: int) -> Any:
        ids = np.array([np.arange(start, start + length) for start in range(T - length + 1)])
        return encode(encoder, weights, x, ids, np.full(len(ids), length)).max(axis=0)

    assert stretches(field) == pytest.approx(whole, abs=1e-12)
    assert field == 1 or stretches(field - 1) != pytest.approx(whole, abs=1e-3)


def test_dropout_falls_between_the_layers_of_a_tower_and_nowhere_else(draw: Callable[..., Any]) -> None:
    seen: list[tuple[int, ...]] = []

    def drop(x: Any) -> Any:
        seen.append(x.shape)
        return x * 0

    for num_layers in (1, 3):
        encoder = CNN(input_size=4, filter_sizes=(2, 3), num_filters=3, num_layers=num_layers)
        weights, x = draw(encoder), np.random.default_rng(1).normal(size=(8, 4))
        found = encoder.encode(weights, encoder.project_tokens(weights, x), IDS, LENGTHS, drop)
    assert seen == [(5, 5, 3), (5, 4, 3), (5, 4, 3), (5, 2, 3)]
    assert np.ptp(found, axis=0).tolist() == [0] * 6  # what layer 3 reads is 0 in every text


@settings(deadline=None)
@given(T=st.integers(0, 9), k=st.integers(1, 9), more=st.integers(0, 3))
def test_windows_begin_at_every_word_that_leaves_room_for_the_rest(T: int, k: int, more: int) -> None:
    # word t is the t-th unit vector; filter t answers 1 to a window that begins with word t, and 0 to any other
    words = np.eye(10)
    W = np.zeros((k, 10, 10))
    W[0] = np.eye(10)
    encoder = CNN(input_size=10, filter_sizes=(k,), num_filters=10)
    weights = {"0.0.W": W, "0.0.b": np.zeros(10)}
    ids = np.arange(T + more + 1)[None] % 10
    began = encoder.encode(weights, encoder.project_tokens(weights, words), ids, np.array([T]))[0]
    expected = {i for i in range(T) if i + k <= T} or set(range(min(T, 1)))  # one window where the text is shorter
    assert {t for t in range(10) if began[t] == 1} == expected
    assert set(began) <= {0.0, 1.0}


@pytest.mark.parametrize(("k", "windows"), [(2, 3), (3, 2), (4, 1)])
def test_four_words_have_the_lecture_s_numbers_of_windows(k: int, windows: int, encode: Callable[..., Any]) -> None:
    W = np.zeros((k, 4, 4))
    W[0] = np.eye(4)
    encoder = CNN(input_size=4, filter_sizes=(k,), num_filters=4)
    began = encode(encoder, {"0.0.W": W, "0.0.b": np.zeros(4)}, np.eye(4), np.array([[0, 1, 2, 3]]), np.array([4]))
    assert began.sum() == windows


def test_the_first_window_of_size_2_is_the_lecture_s(encode: Callable[..., Any]) -> None:
    W = np.zeros((2, 4, 1))
    W[0, 0, 0], W[1, 0, 0] = 2.0, 3.0  # W[1,1] and W[1,2] on the slide
    encoder = CNN(input_size=4, filter_sizes=(2,), num_filters=1)
    first = encode(
        encoder, {"0.0.W": W, "0.0.b": np.zeros(1)}, ALICE_TREATS_BOB_WELL, np.array([[0, 1]]), np.array([2])
    )
    assert first.item() == pytest.approx(2 * 0.7 + 3 * 2.7)
    # the other two windows, 2 * 2.7 - 3 * 0.1 = 5.1 and 2 * -0.1 - 3 * 5.7, answer less
    whole = encode(
        encoder, {"0.0.W": W, "0.0.b": np.zeros(1)}, ALICE_TREATS_BOB_WELL, np.array([[0, 1, 2, 3]]), np.array([4])
    )
    assert whole.item() == first.item()


def test_the_window_of_size_4_is_the_lecture_s(encode: Callable[..., Any]) -> None:
    W = np.zeros((4, 4, 1))
    W[:, 1, 0] = 1.0, 2.0, 3.0, -1.0
    encoder = CNN(input_size=4, filter_sizes=(4,), num_filters=1)
    only = encode(
        encoder, {"0.0.W": W, "0.0.b": np.zeros(1)}, ALICE_TREATS_BOB_WELL, np.array([[0, 1, 2, 3]]), np.array([4])
    )
    assert only.item() == pytest.approx(1 * 8.6 + 2 * -3.9 + 3 * 6.7 - 1 * -9.8)
