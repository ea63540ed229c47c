"""The few array functions on NumPy and torch against plain indexing and known functions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from tests.each import each
from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.kernels.arrays import affine, constant, like, relu, rows, runs, sigmoid, with_zero_row


@pytest.fixture(params=["numpy", "torch"])
def kind(request: pytest.FixtureRequest) -> Any:
    return np.asarray if request.param == "numpy" else torch.tensor


@pytest.fixture(params=["f4", "f8"])
def table(request: pytest.FixtureRequest) -> Any:
    return np.random.default_rng(0).normal(size=(5, 3)).astype(request.param)


@each("values", [np.array([1, 2]), np.array([True]), np.array([0.5], "f4"), np.array([0.5])])
def test_like_keeps_the_values_and_their_own_dtype(kind: Any, values: Any) -> None:
    target = kind(np.zeros(2, "f4"))
    found = like(values, target)
    assert isinstance(found, type(target))
    assert np.array_equal(np.asarray(found), values)
    assert np.asarray(found).dtype == values.dtype


def test_like_does_the_same_on_a_gpu_and_leaves_what_is_there() -> None:
    with rehearsal():
        found = like(np.array([1, 2]), torch.zeros(2))
        assert found.dtype == torch.int64
        assert found.tolist() == [1, 2]
        assert like(found, torch.zeros(2)) is found


@each("ids", [np.array([4, 0, 4]), np.array([[1, 2], [3, 3]]), np.zeros((0, 2), int), np.array(3)])
def test_rows_equal_plain_indexing(kind: Any, table: Any, ids: Any) -> None:
    found = np.asarray(rows(kind(table), ids))
    assert found.dtype == table.dtype
    assert np.array_equal(found, table[ids])


def test_rows_take_ids_in_any_layout_of_memory(kind: Any, table: Any) -> None:
    ids = np.array([[0, 1], [2, 3], [4, 0]])
    for view in (ids.T, ids[::-1], ids[:, ::-1], np.asfortranarray(ids)):
        assert np.array_equal(np.asarray(rows(kind(table), view)), table[view])


def test_the_row_of_nothing_is_zero_and_last(kind: Any, table: Any) -> None:
    found = np.asarray(with_zero_row(kind(table)))
    assert found.dtype == table.dtype
    assert np.array_equal(found, np.vstack([table, np.zeros((1, 3))]))


@each("sizes", [[5], [2, 3], [3, 1, 1], [1] * 5])
def test_runs_are_the_array_cut_in_order(kind: Any, table: Any, sizes: list[int]) -> None:
    found = [np.asarray(run) for run in runs(kind(table), sizes)]
    assert [len(run) for run in found] == sizes
    assert np.array_equal(np.concatenate(found), table)


def test_sigmoid_equals_its_formula(kind: Any) -> None:
    x = np.linspace(-30, 30, 241)
    expected = [1 / (1 + math.exp(-value)) for value in x]
    assert np.asarray(sigmoid(kind(x))) == pytest.approx(np.array(expected), abs=1e-15, rel=0)


def test_sigmoid_does_not_overflow(kind: Any) -> None:
    for dtype in ("f4", "f8"):
        found = np.asarray(sigmoid(kind(np.array([-np.inf, -1e30, -1000, 0, 1000, 1e30, np.inf], dtype))))
        assert found.tolist() == [0, 0, 0, 0.5, 1, 1, 1]
        assert found.dtype == dtype


def test_relu_keeps_what_is_above_zero(kind: Any) -> None:
    for dtype in ("f4", "f8"):
        x = np.array([-np.inf, -2, -1e-30, 0, 1e-30, 2, np.inf], dtype)
        found = np.asarray(relu(kind(x)))
        assert found.tolist() == np.where(x > 0, x, 0).tolist()
        assert found.dtype == dtype


def test_nan_stays_visible(kind: Any) -> None:
    x = kind(np.array([np.nan]))
    assert np.isnan([np.asarray(sigmoid(x)), np.asarray(relu(x))]).all()


def test_a_constant_keeps_its_numbers_and_loses_its_gradient() -> None:
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    found = constant(2 * x)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [2, -4]
    array = np.ones(2)
    assert constant(array) is array


def test_a_constant_stays_on_a_gpu() -> None:
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    with rehearsal():
        found = constant(2 * x)
    assert isinstance(found, torch.Tensor)
    assert not found.requires_grad
    assert found.tolist() == [2, -4]


def test_rows_are_looked_up_by_integers_that_lie_beside_the_table(table: Any) -> None:
    ids = np.array([[1, 2], [4, 0]])
    found = rows(torch.from_numpy(table), torch.from_numpy(ids).T)
    assert np.array_equal(found.numpy(), table[ids.T])


@each("count", [0, 1, 4])
def test_affine_is_the_product_and_the_bias_of_every_row(kind: Any, table: Any, count: int) -> None:
    x, b = np.arange(count * 5.0).reshape(count, 5).astype(table.dtype), table[0]
    given = [kind(array) for array in (x, table, b)]
    found = np.asarray(affine(*given))
    assert found.dtype == table.dtype
    np.testing.assert_allclose(
        found, [[sum(row * table[:, k]) + b[k] for k in range(3)] for row in x] or x[:, :3], rtol=1e-5
    )
    assert np.array_equal(np.asarray(given[2]), b)
