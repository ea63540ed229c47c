"""Random taps and texts → the compiled maximum over time equals the plain one at every SIMD level, with gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.kernels.compiled import conv_max_pool
from unrolled.kernels.compiled.library import Library, plain
from unrolled.kernels.run_parallel import threads
from unrolled.model.layers.conv_max_pool import max_over_time

ROWS = 12
many = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def batches(draw: st.DrawFn) -> tuple[Any, Any, Any, tuple[int, ...]]:
    """Draw taps (ROWS, sizes' sum x filters), texts with junk in their padding, their lengths, and sizes."""
    sizes = tuple(draw(st.lists(st.integers(1, 8), min_size=1, max_size=3)))
    filters = draw(st.sampled_from([1, 3, 4, 16, 17, 50]))
    lengths = np.array(draw(st.lists(st.integers(0, 12), max_size=9)), np.int64)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    ids = random.integers(0, ROWS, (len(lengths), lengths.max(initial=0) + draw(st.integers(0, 2))))
    ids[np.arange(ids.shape[1]) >= lengths[:, None]] = 10**9
    return random.normal(size=(ROWS, sum(sizes) * filters)), ids, lengths, sizes


def strongest(taps: Any, ids: Any, lengths: Any, sizes: tuple[int, ...]) -> Any:
    """Look at every window of every filter in turn."""
    found, start, filters = [], 0, taps.shape[1] // sum(sizes)
    for size in sizes:
        own = taps[:, start * filters : (start + size) * filters].reshape(len(taps), size, filters)
        start += size
        texts = [text[:length] for text, length in zip(ids, lengths, strict=True)]
        sums = [
            [sum(own[w, tap] for tap, w in enumerate(text[i : i + size])) for i in range(max(1, len(text) - size + 1))]
            for text in texts
        ]
        found.append(np.array([np.max(np.broadcast_arrays(*text, np.zeros(filters))[:-1], 0) for text in sums]))
    return np.concatenate([tower.reshape(len(lengths), filters) for tower in found], axis=1)


@many
@given(batch=batches())
def test_it_equals_every_window_looked_at_in_turn_and_the_plain_arithmetic(
    batch: Any, compiled: Library, called: list[str]
) -> None:
    taps, *texts = batch
    called.clear()
    found = max_over_time(taps.astype("f4"), *texts)
    assert called == ["windows_forward"] * len(texts[2])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, strongest(taps, *texts), atol=1e-5)
    with plain():
        np.testing.assert_allclose(found, max_over_time(taps.astype("f4"), *texts), atol=1e-5)
    assert len(called) == len(texts[2])


def with_gradient(taps: Any, *texts: Any, dtype: str = "f4") -> list[Any]:
    leaf = torch.tensor(taps.astype(dtype), requires_grad=True)
    found = max_over_time(leaf, *texts)
    (found * torch.linspace(-1, 1, found.numel(), dtype=found.dtype).reshape(found.shape)).sum().backward()
    assert leaf.grad is not None
    return [found.detach().numpy(), leaf.grad.numpy()]


@many
@given(batch=batches())
def test_the_gradient_is_the_plain_one_in_float64(batch: Any, compiled: Library, called: list[str]) -> None:
    called.clear()
    found = with_gradient(*batch)
    assert {"windows_forward", "windows_backward"} == set(called)
    for array, exact in zip(found, with_gradient(*batch, dtype="f8"), strict=True):
        np.testing.assert_allclose(array, exact, atol=1e-5)


@many
@given(batch=batches())
def test_any_number_of_threads_gives_the_same_bits(batch: Any, compiled: Library) -> None:
    alone = with_gradient(*batch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conv_max_pool, "WORTH_A_THREAD", 0)
        for number in (2, 3):
            with threads(number):
                assert all(map(np.array_equal, alone, with_gradient(*batch)))


@each("sizes", [(1,), (2, 3, 4), (5, 9)])
def test_texts_of_0_1_and_10000_words(sizes: tuple[int, ...], compiled: Library) -> None:
    random = np.random.default_rng(0)
    taps = random.normal(size=(ROWS, sum(sizes) * 3))
    batch = random.integers(0, ROWS, (3, 10_000)), np.array([0, 10_000, 1]), sizes
    found = with_gradient(taps, *batch)
    np.testing.assert_allclose(found[0], strongest(taps, *batch), atol=1e-5)
    np.testing.assert_allclose(found[1], with_gradient(taps, *batch, dtype="f8")[1], atol=1e-5)


def test_of_equal_windows_the_first_has_the_gradient(compiled: Library) -> None:
    texts = np.array([[1, 2, 1, 2]]), np.array([4]), (1,)
    _, gradient = with_gradient(np.ones((3, 2)), *texts)
    assert gradient.tolist() == [[0, 0], [-1, 1], [0, 0]]


@each("number", [np.nan, np.inf, -np.inf])
@each("size", [1, 3, 7])
def test_what_is_not_finite_stays_visible(number: float, size: int, compiled: Library) -> None:
    taps = np.zeros((ROWS, size * 2), "f4")
    taps[3, 0] = number
    batch = np.array([[1] * 8 + [3] + [2] * 8, [3] * 17, [1] * 17]), np.array([17, 17, 17]), (size,)
    found = max_over_time(taps, *batch)
    with plain(), np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(found, max_over_time(taps, *batch))
    assert np.isnan(found[:2, 0]).all() == np.isnan(number)


def test_ids_and_taps_may_have_any_kind_and_layout(compiled: Library) -> None:
    taps = np.random.default_rng(0).normal(size=(ROWS, 6)).astype("f4")
    ids, lengths = np.array([[1, 2, 3], [4, 5, 6]]), np.array([3, 1])
    expected = max_over_time(taps, ids, lengths, (2,))
    for other in (ids.astype("i4"), np.asfortranarray(ids), ids.astype(">i2")):
        assert np.array_equal(max_over_time(taps, other, lengths.astype("i4"), (2,)), expected)
    for table in (
        np.asfortranarray(taps),
        taps[::-1][::-1],
        np.repeat(taps, 2, axis=1)[:, ::2],
        np.repeat(taps, 2, axis=0)[::2],
    ):
        assert np.array_equal(max_over_time(table, ids, lengths, (2,)), expected)


@pytest.mark.parametrize(("wrong", "length"), [(-1, 2), (ROWS, 2), (10**12, 2), (0, 3), (0, -1)])
def test_what_is_not_there_is_refused_before_the_kernel(
    wrong: int, length: int, compiled: Library, called: list[str]
) -> None:
    with pytest.raises(IndexError):
        max_over_time(np.zeros((ROWS, 4), "f4"), np.array([[0, wrong]]), np.array([length]), (2,))
    assert called == []


SIZES, FILTERS = (1, 2, 3, 4, 5, 6, 9), 19  # the widest ones and filters beyond a register have ways of their own


def texts_of(lengths: list[int], seed: int) -> tuple[Any, Any]:
    ids = np.random.default_rng(seed).integers(0, ROWS, (len(lengths), max(1, *lengths)))
    ids[np.arange(ids.shape[1]) >= np.array(lengths)[:, None]] = -7  # junk
    return ids, np.array(lengths)


def slid(taps: Any, text: Any, size: int) -> Any:
    tap = np.concatenate([taps.reshape(ROWS, size, FILTERS)[text], np.zeros((size, size, FILTERS), "f4")])
    found = [sum(tap[i + j, j] for j in range(size)) for i in range(max(1, len(text) - size + 1))]
    return np.max(found, axis=0)


@each("size", SIZES)
def test_they_are_those_of_a_loop_in_numpy_for_texts_of_every_length(compiled: Library, size: int) -> None:
    taps = np.random.default_rng(size).normal(size=(ROWS, size * FILTERS)).astype("f4")
    ids, lengths = texts_of(list(range(26)), size)
    found, _ = conv_max_pool.forward(compiled, taps, ids, lengths, (size,), keep=False)
    expected = [slid(taps, own[:length], size) for own, length in zip(ids, lengths, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@each("odd", [0.0, -0.0, np.nan, np.inf, -np.inf])
def test_they_are_the_same_bits_as_with_a_way_back_whatever_numbers_there_are(compiled: Library, odd: float) -> None:
    random = np.random.default_rng(1)
    taps = random.choice(np.array([0.0, -0.0, 1.0, -1.0], "f4"), (ROWS, sum(SIZES) * FILTERS))  # many windows are equal
    taps[random.integers(0, ROWS, 3)] = odd
    texts = texts_of([0, 3, 4, 8, 9, 25], 2)
    found, kept = (conv_max_pool.forward(compiled, taps, *texts, SIZES, keep=keep) for keep in (False, True))
    np.testing.assert_array_equal(found[0], kept[0])
    one, other = (np.signbit(np.nan_to_num(highest)) for highest, _ in (found, kept))
    np.testing.assert_array_equal(one, other)
    assert found[1] is None
    assert kept[1] is not None
