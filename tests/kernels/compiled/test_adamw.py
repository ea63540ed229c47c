"""Random tensors, tables and gradients → the compiled step is the formula's at every SIMD level."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unrolled.kernels.compiled import adamw
from unrolled.kernels.compiled.adamw import Settings, decayed_rows, step_numbers, step_rows
from unrolled.kernels.compiled.library import Library
from unrolled.kernels.run_parallel import threads

RATE, DECAY = 0.03, 0.2
SETTINGS = Settings(0.9, 0.999, 1e-8, RATE, 1 - RATE * DECAY)
ROWS = 12
many = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
sizes = st.sampled_from([0, 1, 3, 4, 15, 16, 17, 33, 100])


def stepped(n: Any, gradient: Any, p: Any, m: Any, v: Any) -> tuple[Any, Any, Any]:
    """Follow the formula in float64."""
    g, p, m, v = (array.astype("f8") for array in (gradient, p, m, v))
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    up, down = m / (1 - 0.9**n), np.sqrt(v / (1 - 0.999**n)) + 1e-8
    return p * (1 - RATE * DECAY) - RATE * up / down, m, v


def drawn(seed: int, *shapes: tuple[int, ...]) -> list[Any]:
    """Draw a gradient, p, m and a v that isn't negative."""
    random = np.random.default_rng(seed)
    found = [random.normal(size=shape).astype("f4") for shape in shapes]
    return [*found[:-1], np.square(found[-1])]


@many
@given(seed=st.integers(0, 99), shape=st.tuples(st.sampled_from([1, 2, 5]), sizes), n=st.integers(1, 1000))
def test_numbers_move_as_the_formula_says(
    seed: int, shape: tuple[int, int], n: int, compiled: Library, called: list[str]
) -> None:
    arrays = drawn(seed, *[shape] * 4)
    expected = stepped(n, *arrays)
    called.clear()
    step_numbers(compiled, SETTINGS, n, *arrays)
    assert called == ["adamw_numbers"]
    for found, right in zip(arrays[1:], expected, strict=True):
        np.testing.assert_allclose(found, right, atol=1e-5, rtol=1e-5)


@many
@given(seed=st.integers(0, 99), columns=sizes, data=st.data())
def test_only_the_rows_given_move_each_by_its_own_count(
    seed: int, columns: int, data: st.DataObject, compiled: Library
) -> None:
    rows = np.array(data.draw(st.lists(st.integers(0, ROWS - 1), unique=True)), np.int64)
    gradient, p, m, v = drawn(seed, (len(rows), columns), *[(ROWS, columns)] * 3)
    n = np.arange(float(ROWS))[:, None]
    before = [array.copy() for array in (p, m, v)]
    expected = stepped(n[rows] + 1, gradient, p[rows], m[rows], v[rows])
    step_rows(compiled, SETTINGS, rows, gradient, p, m, v, n)
    others = np.setdiff1d(np.arange(ROWS), rows)
    for found, right, old in zip((p, m, v), expected, before, strict=True):
        np.testing.assert_allclose(found[rows], right, atol=1e-5, rtol=1e-5)
        np.testing.assert_array_equal(found[others], old[others])
    assert n[:, 0].tolist() == [row + (row in rows) for row in range(ROWS)]


@many
@given(seed=st.integers(0, 99), columns=sizes, data=st.data())
def test_rows_are_given_after_the_decay_that_they_missed(
    seed: int, columns: int, data: st.DataObject, compiled: Library
) -> None:
    rows = np.array(data.draw(st.lists(st.integers(0, ROWS - 1), unique=True)), np.int64)
    table, _ = drawn(seed, (ROWS, columns), (1,))
    decayed_until = -np.arange(float(ROWS))[:, None] / 10
    expected, log_decay = table.astype("f8") * np.exp(-3 - decayed_until), -3.0
    others, before = np.setdiff1d(np.arange(ROWS), rows), table.copy()
    found = decayed_rows(compiled, rows, log_decay, table, decayed_until)
    np.testing.assert_allclose(found, expected[rows], rtol=1e-6)
    np.testing.assert_array_equal(table[rows], found)
    np.testing.assert_array_equal(table[others], before[others])
    assert decayed_until[:, 0].tolist() == [log_decay if row in rows else -row / 10 for row in range(ROWS)]


def test_any_number_of_threads_gives_the_same_bits(compiled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adamw, "WORTH_A_THREAD", 0)
    rows = np.array([7, 0, 3, 11, 5])

    def moved(number: int) -> list[bytes]:
        numbers = drawn(0, *[(7, 33)] * 4)
        (gradient, p, m, v), n = drawn(1, (5, 33), *[(ROWS, 33)] * 3), np.zeros((ROWS, 1))
        with threads(number):
            step_numbers(compiled, SETTINGS, 3, *numbers)
            step_rows(compiled, SETTINGS, rows, gradient, p, m, v, n)
        return [array.tobytes() for array in (*numbers, p, m, v, n)]

    assert moved(1) == moved(2) == moved(3)


@pytest.mark.parametrize("wrong", [-1, ROWS, 2**40])
def test_a_row_that_is_not_there_is_refused_before_the_kernel(wrong: int, compiled: Library, called: list[str]) -> None:
    rows, each = np.array([0, wrong]), np.zeros((ROWS, 1))
    gradient, p, m, v = drawn(0, (2, 3), *[(ROWS, 3)] * 3)
    with pytest.raises(IndexError, match=f"{ROWS} rows"):
        decayed_rows(compiled, rows, 0.0, p, each)
    with pytest.raises(IndexError, match=f"{ROWS} rows"):
        step_rows(compiled, SETTINGS, rows, gradient, p, m, v, each)
    assert called == []


@pytest.mark.parametrize("place", range(4))
def test_arrays_that_do_not_fit_are_refused_before_the_kernel(place: int, compiled: Library, called: list[str]) -> None:
    both, right = np.array([0, 1]), np.zeros((2, 1))
    for wrong in (np.zeros((2, 2), "f4"), np.zeros((2, 3)), np.zeros((3, 2), "f4").T):
        given = drawn(0, *[(2, 3)] * 4)
        given[place] = wrong
        gradient, p, m, v = given
        with pytest.raises(ValueError, match="expected float32"):
            step_numbers(compiled, SETTINGS, 1, gradient, p, m, v)
        with pytest.raises(ValueError, match="expected float32"):
            step_rows(compiled, SETTINGS, both, gradient, p, m, v, right)
    gradient, p, m, v = drawn(0, *[(2, 3)] * 4)
    for each in (right.astype("f4"), right[:1], np.zeros((2, 2))[:, :1]):
        with pytest.raises(ValueError, match="2 numbers in float64"):
            step_rows(compiled, SETTINGS, both, gradient, p, m, v, each)
    assert called == []
