"""Random tables and numbers of rows → the compiled means and sums equal the plain ones at every SIMD level."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.kernels.compiled import rows as kernel
from unrolled.kernels.compiled.library import Library, plain
from unrolled.kernels.compiled.rows import add_rows
from unrolled.kernels.run_parallel import threads
from unrolled.model.layers.pooling import mean_of_rows

ROWS = 12
many = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
columns = st.sampled_from([1, 3, 4, 16, 17, 50, 130])


@st.composite
def batches(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Draw a table (ROWS, columns), texts with junk in their padding, and their lengths."""
    lengths = np.array(draw(st.lists(st.integers(0, 70), max_size=9)), np.int64)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    ids = random.integers(0, ROWS, (len(lengths), lengths.max(initial=0) + draw(st.integers(0, 2))))
    ids[np.arange(ids.shape[1]) >= lengths[:, None]] = -7
    return random.normal(size=(ROWS, draw(columns))), ids, lengths


def means(table: Any, ids: Any, lengths: Any) -> Any:
    own = [table[text[:length]] for text, length in zip(ids, lengths, strict=True)]
    return np.array([text.sum(0) / max(1, len(text)) for text in own]).reshape(-1, table.shape[1])


@many
@given(batch=batches())
def test_means_are_the_plain_ones(batch: Any, compiled: Library, called: list[str]) -> None:
    table, *texts = batch
    called.clear()
    found = mean_of_rows(table.astype("f4"), *texts)
    assert called == ["mean_forward"]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, means(table, *texts), atol=1e-6)
    with plain():
        np.testing.assert_allclose(found, mean_of_rows(table.astype("f4"), *texts), atol=1e-5)
    assert called == ["mean_forward"]


def with_gradient(table: Any, *texts: Any, dtype: str = "f4") -> list[Any]:
    leaf = torch.tensor(table.astype(dtype), requires_grad=True)
    found = mean_of_rows(leaf, *texts)
    (found * torch.linspace(-1, 1, found.numel(), dtype=found.dtype).reshape(found.shape)).sum().backward()
    assert leaf.grad is not None
    return [found.detach().numpy(), leaf.grad.numpy()]


@many
@given(batch=batches())
def test_the_gradient_is_the_plain_one_in_float64(batch: Any, compiled: Library, called: list[str]) -> None:
    called.clear()
    found = with_gradient(*batch)
    assert called == ["mean_forward", "mean_backward"]
    for array, exact in zip(found, with_gradient(*batch, dtype="f8"), strict=True):
        np.testing.assert_allclose(array, exact, atol=1e-5)


@many
@given(batch=batches(), count=st.integers(0, 200))
def test_any_number_of_threads_gives_the_same_bits(batch: Any, count: int, compiled: Library) -> None:
    random = np.random.default_rng(0)
    values, ids = random.normal(size=(count, batch[0].shape[1])).astype("f4"), random.integers(0, ROWS, count)
    alone = [*with_gradient(*batch), add_rows(values, ids, ROWS)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "WORTH_A_THREAD", 0)
        for number in (2, 3):
            with threads(number):
                assert all(map(np.array_equal, alone, [*with_gradient(*batch), add_rows(values, ids, ROWS)]))


@many
@given(count=st.integers(0, 200), width=columns, dtype=st.sampled_from(["f4", "f8"]))
def test_sums_are_the_plain_ones(count: int, width: int, dtype: str, compiled: Library, called: list[str]) -> None:
    random = np.random.default_rng(count)
    values, ids = random.normal(size=(count, width)).astype(dtype), random.integers(0, ROWS, count)
    called.clear()
    found = add_rows(values, ids, ROWS)
    assert called == (["add_rows"] if dtype == "f4" else [])
    expected = np.array([values[ids == row].sum(0, dtype="f8") for row in range(ROWS)])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert found.dtype == dtype


def test_texts_of_0_1_and_10000_words(compiled: Library) -> None:
    random = np.random.default_rng(0)
    batch = random.normal(size=(ROWS, 9)), random.integers(0, ROWS, (3, 10_000)), np.array([0, 10_000, 1])
    found = with_gradient(*batch)
    np.testing.assert_allclose(found[0], means(*batch), atol=1e-6)
    np.testing.assert_allclose(found[1], with_gradient(*batch, dtype="f8")[1], atol=1e-5)


@each("number", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_visible(number: float, compiled: Library) -> None:
    table = np.zeros((ROWS, 5), "f4")
    table[3, 1] = number
    found = mean_of_rows(table, np.array([[1, 3], [1, 2]]), np.array([2, 2]))
    assert found.tolist()[1] == [0] * 5
    np.testing.assert_array_equal(found[0], [0, number, 0, 0, 0])


def test_ids_and_tables_may_have_any_kind_and_layout(compiled: Library) -> None:
    table = np.random.default_rng(0).normal(size=(ROWS, 6)).astype("f4")
    ids, lengths = np.array([[1, 2, 3], [4, 5, 6]]), np.array([3, 1])
    expected = mean_of_rows(table, ids, lengths)
    for other in (ids.astype("i4"), np.asfortranarray(ids), ids.astype(">i2")):
        assert np.array_equal(mean_of_rows(table, other, lengths.astype("i4")), expected)
        assert np.array_equal(add_rows(table[:3], other[0], ROWS), add_rows(table[:3], ids[0], ROWS))
    for view in (np.asfortranarray(table), table[::-1][::-1], np.repeat(table, 2, axis=1)[:, ::2]):
        assert np.array_equal(mean_of_rows(view, ids, lengths), expected)
        assert np.array_equal(add_rows(view[:3], ids[0], ROWS), add_rows(table[:3], ids[0], ROWS))


@pytest.mark.parametrize(("wrong", "length"), [(-1, 2), (ROWS, 2), (10**12, 2), (0, 3), (0, -1)])
def test_what_is_not_there_is_refused_before_the_kernel(
    wrong: int, length: int, compiled: Library, called: list[str]
) -> None:
    with pytest.raises(IndexError):
        mean_of_rows(np.zeros((ROWS, 4), "f4"), np.array([[0, wrong]]), np.array([length]))
    values = np.zeros((abs(length), 4), "f4")
    with pytest.raises(IndexError):
        add_rows(values, np.array([0, wrong]), ROWS)
    assert called == []
