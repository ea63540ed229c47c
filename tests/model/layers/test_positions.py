"""Sines and cosines of the positions against a plain loop, and what makes them tell distances."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.each import each
from unrolled.model.layers.positions import sinusoids


@each(("length", "size"), [(1, 1), (5, 4), (70, 6), (3, 7), (0, 4)])
def test_equals_a_plain_loop(length: int, size: int) -> None:
    expected = np.zeros((length, size))
    for t in range(length):
        for i in range(math.ceil(size / 2)):
            expected[t, 2 * i] = math.sin(t / 10000 ** (2 * i / size))
            if 2 * i + 1 < size:
                expected[t, 2 * i + 1] = math.cos(t / 10000 ** (2 * i / size))
    assert sinusoids(length, size) == pytest.approx(expected, abs=1e-12)
    assert sinusoids(length, size).dtype == np.float64


def test_a_longer_text_has_the_same_first_positions() -> None:
    assert np.array_equal(sinusoids(9, 6)[:4], sinusoids(4, 6))


def test_the_product_of_two_positions_tells_their_distance_alone() -> None:
    p = sinusoids(40, 8)
    products = p @ p.T
    for distance in range(40):
        assert np.diagonal(products, distance) == pytest.approx(products[0, distance], abs=1e-12)
    assert len(np.unique(p.round(9), axis=0)) == 40
