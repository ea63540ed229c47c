"""Concatenated vectors against the lecture's equation, written out in NumPy, and against the lecture's example."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.model.encoders import concatenate
from unrolled.model.encoders.concatenate import Concatenate

IDS = np.array([[2, 5, 5, 0, 1], [7, 99, 99, 99, 99], [3, 4, 6, 99, 99], [99, 99, 99, 99, 99]])
LENGTHS = np.array([5, 1, 3, 0])
OPTIONS: list[dict[str, int]] = [
    {},  # 50 words: more than there are
    {"max_length": 3},
    {"max_length": 5, "num_layers": 0},
    {"max_length": 1, "num_layers": 2},
    {"max_length": 8, "num_layers": 3, "hidden_size": 5},
    {"max_length": 2, "num_layers": 0},
]

ALICE_TREATS_BOB_WELL = np.array(
    [[0.7, 8.6, -2.4, 2.3], [2.7, -3.9, -5.6, 1.1], [-0.1, 6.7, 1.5, 2.0], [-5.7, -9.8, -1.6, -1.0]]
)


def equation(max_length: int) -> Callable[..., Any]:
    def encoded(weights: dict[str, Any], x: Any, ids: Any, lengths: Any) -> Any:
        encodings = []
        for words, T in zip(ids, lengths, strict=True):
            h = np.concatenate([x[words[t]] if t < T else np.zeros(x.shape[1]) for t in range(max_length)])
            layer = 0
            while f"{layer}.W" in weights:
                W, b = weights[f"{layer}.W"], weights[f"{layer}.b"]
                h = np.array([max(0.0, sum(h[m] * W[m, n] for m in range(len(h))) + b[n]) for n in range(len(b))])
                layer += 1
            encodings.append(h)
        return np.array(encodings)

    return encoded


@each("options", OPTIONS)
def test_equals_the_equation(options: dict[str, int], draw: Callable[..., Any], encode: Callable[..., Any]) -> None:
    encoder, x = Concatenate(input_size=4, **options), np.random.default_rng(1).normal(size=(8, 4))
    weights = draw(encoder)
    found = encode(encoder, weights, x, IDS, LENGTHS)
    assert found == pytest.approx(equation(encoder.max_length)(weights, x, IDS, LENGTHS), abs=1e-10, rel=0)
    assert found.shape == (4, encoder.output_size)


@pytest.mark.parametrize(("max_length", "num_layers"), [(3, 0), (3, 1), (7, 2)])
def test_gradients_equal_finite_differences(
    max_length: int, num_layers: int, draw: Callable[..., Any], largest_error_of_gradients: Callable[..., float]
) -> None:
    encoder = Concatenate(input_size=2, max_length=max_length, hidden_size=4, num_layers=num_layers)
    x = np.random.default_rng(2).normal(size=(8, 2))
    assert largest_error_of_gradients(encoder, equation(max_length), draw(encoder), x, IDS, LENGTHS) < 1e-7


def test_equals_torch_s_linear_layer_on_the_flattened_vectors(
    draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder, x = Concatenate(input_size=4, max_length=5), np.random.default_rng(3).normal(size=(8, 4))
    weights = draw(encoder)
    W, b = (torch.tensor(weights[f"0.{symbol}"]) for symbol in "Wb")
    expected = torch.nn.functional.linear(torch.tensor(x[IDS[:1]]).flatten(start_dim=1), W.T, b).relu().numpy()
    assert encode(encoder, weights, x, IDS[:1], LENGTHS[:1]) == pytest.approx(expected, abs=1e-10, rel=0)


def test_the_concatenation_of_four_words_is_the_lecture_s_sixteen_numbers(encode: Callable[..., Any]) -> None:
    encoder = Concatenate(input_size=4, num_layers=0, max_length=4)
    found = encode(encoder, {}, ALICE_TREATS_BOB_WELL, np.array([[0, 1, 2, 3]]), np.array([4]))
    alice, treats = [0.7, 8.6, -2.4, 2.3], [2.7, -3.9, -5.6, 1.1]
    bob, well = [-0.1, 6.7, 1.5, 2.0], [-5.7, -9.8, -1.6, -1.0]
    assert found.tolist() == [alice + treats + bob + well]
    assert encoder.output_size == 16


@pytest.mark.parametrize("max_length", [1, 3, 5, 9])
def test_longer_texts_are_cut_and_shorter_ones_filled_up_with_zeros(
    max_length: int, encode: Callable[..., Any]
) -> None:
    encoder, x = Concatenate(input_size=2, num_layers=0, max_length=max_length), np.arange(1.0, 17).reshape(8, 2)
    for words, T, found in zip(IDS, LENGTHS, encode(encoder, {}, x, IDS, LENGTHS), strict=True):
        read = min(T, max_length)
        assert found.reshape(max_length, 2)[:read].tolist() == x[words[:read]].tolist()
        assert not found[2 * read :].any()
    assert encoder.receptive_field == max_length


def test_what_stands_behind_the_last_word_that_is_read_changes_nothing(
    draw: Callable[..., Any], encode: Callable[..., Any]
) -> None:
    encoder, x = Concatenate(input_size=4, max_length=3), np.random.default_rng(1).normal(size=(8, 4))
    weights, lengths = draw(encoder), np.array([5, 3])
    cut, exact = encode(encoder, weights, x, np.array([[2, 5, 4, 0, 1], [2, 5, 4, 99, 99]]), lengths)
    other = encode(encoder, weights, x, np.array([[2, 5, 7, 0, 1]]), lengths[:1])[0]
    assert cut.tolist() == exact.tolist() != other.tolist()


def test_many_texts_are_put_side_by_side_in_groups_and_read_the_same(
    draw: Callable[..., Any], encode: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, x = Concatenate(input_size=4, max_length=3), np.random.default_rng(1).normal(size=(8, 4))
    weights = draw(encoder)
    together = encode(encoder, weights, x, IDS, LENGTHS)
    for largest in (1, 24, 36, 1000):
        monkeypatch.setattr(concatenate, "LARGEST", largest)
        assert encode(encoder, weights, x, IDS, LENGTHS) == pytest.approx(together, abs=1e-12, rel=0)
        assert encode(encoder, weights, x, IDS[:0], LENGTHS[:0]).shape == (0, 100)


def test_a_max_length_far_beyond_the_texts_takes_no_memory_for_all_of_them() -> None:
    encoder = Concatenate(input_size=4, max_length=100_000, hidden_size=1)
    weights = {name: np.zeros(weight.shape, "f4") for name, weight in encoder.weights().items()}
    ids, lengths = np.zeros((256, 1), np.int64), np.ones(256, np.int64)
    tracemalloc.start()
    assert encoder.encode(weights, np.ones((1, 4), "f4"), ids, lengths).shape == (256, 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 20_000_000 < peak < 350_000_000  # all side by side are 410 MB, and as much again before they are joined
