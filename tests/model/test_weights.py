"""Declared weights → drawn ones: bounds and spreads by their formulas, streams of their own, names taken apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unrolled.model.weights import (
    Initializer,
    Weight,
    fan_in,
    glorot,
    initialize,
    merge,
    normal,
    select,
    uniform,
    zeros,
)


def test_a_weight_s_values_depend_on_its_name_and_the_seed_and_nothing_else() -> None:
    weight = Weight((3, 4), normal(1.0))
    alone = initialize({"a": weight}, 7)["a"]
    in_company = initialize({"x": Weight((50,), normal(1.0)), "a": weight, "b": weight}, 7)
    assert alone.tobytes() == in_company["a"].tobytes()
    assert not np.array_equal(alone, in_company["b"])
    assert not np.array_equal(alone, initialize({"a": weight}, 8)["a"])


def test_weights_are_float32_in_their_declared_shapes() -> None:
    drawn = initialize({"a": Weight((3, 4), zeros), "b": Weight((5,), uniform(1.0)), "c": Weight((), normal(1.0))}, 0)
    assert {name: (value.shape, value.dtype) for name, value in drawn.items()} == {
        "a": ((3, 4), np.float32),
        "b": ((5,), np.float32),
        "c": ((), np.float32),
    }


@pytest.mark.parametrize(
    ("first_values", "bound"),
    [(uniform(0.3), 0.3), (fan_in(16), 1 / math.sqrt(16)), (glorot(20, 4), math.sqrt(6 / 24))],
)
def test_uniform_weights_fill_their_interval(first_values: Initializer, bound: float) -> None:
    drawn = initialize({"a": Weight((100, 200), first_values)}, 0)["a"]
    assert np.abs(drawn).max() <= bound * (1 + 1e-6)
    assert np.quantile(drawn, [0, 0.25, 0.5, 0.75, 1]) / bound == pytest.approx([-1, -0.5, 0, 0.5, 1], abs=0.02)


def test_normal_weights_have_their_deviation() -> None:
    drawn = initialize({"a": Weight((100, 200), normal(0.3))}, 0)["a"]
    assert [drawn.mean(), drawn.std()] == pytest.approx([0, 0.3], abs=0.01)
    assert np.mean(np.abs(drawn) < 0.3) == pytest.approx(0.6827, abs=0.01)  # within one deviation of the mean


def test_zeros_are_zero() -> None:
    assert not initialize({"a": Weight((3,), zeros)}, 0)["a"].any()


def test_part_takes_apart_what_joined_put_together() -> None:
    parts = {"embeddings": {"tuned": 1}, "encoder": {"0.W": 2, "0.b": 3}, "encoder2": {"x": 4}, "nothing": {}}
    whole = merge(**parts)
    assert whole == {"embeddings.tuned": 1, "encoder.0.W": 2, "encoder.0.b": 3, "encoder2.x": 4}
    assert {name: select(whole, name) for name in parts} == parts
