"""Windows and their sums against loops over every window, and against torch's convolution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.layers import convolution

TEXTS = st.lists(st.lists(st.integers(0, 4), max_size=6), min_size=1, max_size=4)
F = 3
JUNK = [-2, 0, 10**12]


def batch(texts: list[list[int]], more: int, junk: int) -> tuple[Any, Any]:
    length = max(1, *(len(text) for text in texts)) + more if texts else 1
    return np.array([text + [junk] * (length - len(text)) for text in texts]), np.array([len(text) for text in texts])


def sums(vectors: list[Any], W: Any) -> list[Any]:
    """Slide W (size, d, F) over a text's vectors; what is missing to one window is zero."""
    k, d, _ = W.shape
    vectors = vectors + [np.zeros(d)] * (k - len(vectors))
    return [sum(vectors[i + j] @ W[j] for j in range(k)) for i in range(len(vectors) - k + 1)]


@settings(deadline=None)
@given(T=st.integers(0, 12), k=st.integers(1, 12))
def test_windows_are_counted_where_they_begin(T: int, k: int) -> None:
    begin = [i for i in range(T) if i + k <= T] or [0]
    assert convolution.windows(np.array([T, 0, k]), k).tolist() == [len(begin), 1, 1]


@pytest.mark.parametrize(("k", "count"), [(2, 3), (3, 2), (4, 1)])
def test_four_words_have_the_lecture_s_numbers_of_windows(k: int, count: int) -> None:
    assert convolution.windows(np.array([4]), k).tolist() == [count]


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@settings(deadline=None)
@given(texts=TEXTS, k=st.integers(1, 8), more=st.integers(0, 2), junk=st.sampled_from(JUNK))
def test_sums_over_words_equal_a_loop_over_all_windows(
    kind: Any, texts: list[list[int]], k: int, more: int, junk: int
) -> None:
    random = np.random.default_rng(k)
    words, W = random.normal(size=(5, 2)), random.normal(size=(k, 2, F))
    ids, lengths = batch(texts, more, junk)
    taps = words @ np.concatenate(list(W), axis=1)
    found = np.asarray(convolution.over_words(kind(taps), ids, lengths, k))
    assert found.shape == (len(texts), max(ids.shape[1], k) - k + 1, F)
    for row, text, count in zip(found, texts, convolution.windows(lengths, k), strict=True):
        assert row[:count] == pytest.approx(np.array(sums([words[word] for word in text], W)), abs=1e-12)


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@pytest.mark.parametrize("junk", [0.0, 1e9, np.nan])
@settings(deadline=None)
@given(lengths=st.lists(st.integers(0, 6), min_size=1, max_size=4), k=st.integers(1, 8))
def test_sums_over_vectors_equal_a_loop_over_all_windows_whatever_stands_beyond_the_end(
    kind: Any, junk: float, lengths: list[int], k: int
) -> None:
    random = np.random.default_rng(k)
    sequence, W = random.normal(size=(len(lengths), 6, 2)), random.normal(size=(k, 2, F))
    for row, T in zip(sequence, lengths, strict=True):
        row[T:] = junk
    found = np.asarray(convolution.over_vectors(kind(W), kind(sequence), np.array(lengths)))
    assert found.shape == (len(lengths), max(6, k) - k + 1, F)
    for row, text, T in zip(found, sequence, lengths, strict=True):
        expected = np.array(sums(list(text[:T]), W))
        assert row[: len(expected)] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("k", [1, 3, 6])
def test_both_equal_torch_s_convolution_on_texts_that_fill_the_batch(k: int) -> None:
    random = np.random.default_rng(k)
    words, W = random.normal(size=(5, 2)), random.normal(size=(k, 2, F))
    ids, lengths = random.integers(0, 5, (4, 6)), np.full(4, 6)
    x = torch.tensor(words[ids]).permute(0, 2, 1)
    expected = torch.nn.functional.conv1d(x, torch.tensor(W).permute(2, 1, 0)).permute(0, 2, 1).numpy()
    taps = words @ np.concatenate(list(W), axis=1)
    assert convolution.over_words(taps, ids, lengths, k) == pytest.approx(expected, abs=1e-12)
    assert convolution.over_vectors(W, words[ids], lengths) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_the_precision_stays(kind: Any, dtype: str) -> None:
    ids, lengths = batch([[1, 2], []], 0, 0)
    over_words = convolution.over_words(kind(np.ones((5, 6), dtype)), ids, lengths, 2)
    over_vectors = convolution.over_vectors(kind(np.ones((2, 4, 3), dtype)), kind(np.ones((2, 2, 4), dtype)), lengths)
    assert np.asarray(over_words).tolist() == [[[2, 2, 2]], [[0, 0, 0]]]
    assert np.asarray(over_vectors).tolist() == [[[8, 8, 8]], [[0, 0, 0]]]
    assert {np.asarray(over_words).dtype, np.asarray(over_vectors).dtype} == {np.dtype(dtype)}


def test_what_stands_beyond_the_end_gets_no_gradient() -> None:
    sequence = torch.ones((2, 4, 2), dtype=torch.float64, requires_grad=True)
    found = convolution.over_vectors(torch.ones((2, 2, 3), dtype=torch.float64), sequence, np.array([3, 0]))
    (gradient,) = torch.autograd.grad(found.sum(), sequence)
    assert gradient[:, :, 0].tolist() == [[3, 6, 6, 0], [0, 0, 0, 0]]  # once a window and filter, by which it is read
