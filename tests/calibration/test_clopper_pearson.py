"""Counts → Clopper and Pearson's lower bound as scipy has it, and as exact sums of fractions have its tail."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from unrolled.calibration.clopper_pearson import CONFIDENCE, rows_needed, tail


@given(st.integers(1, 40), st.data(), st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(19, 20)]))
def test_the_tail_is_the_sum_of_the_chances(rows: int, data: st.DataObject, p: Fraction) -> None:
    right = data.draw(st.integers(0, rows))
    exact = sum(comb(rows, i) * p**i * (1 - p) ** (rows - i) for i in range(right, rows + 1))
    assert tail(right, rows, float(p)) == pytest.approx(float(exact), rel=1e-12)


@settings(max_examples=50)
@given(st.integers(1, 30_000), st.data(), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_bound_is_scipy_s(rows: int, data: st.DataObject, confidence: float) -> None:
    right = data.draw(st.integers(0, rows) | st.integers(max(0, rows - 30), rows))
    exact = binomtest(right, rows, alternative="greater").proportion_ci(confidence, method="exact").low
    if right:
        assert tail(right, rows, exact * (1 - 1e-9)) <= 1 - confidence
        assert tail(right, rows, min(exact * (1 + 1e-9), 1 - 1e-16)) >= 1 - confidence
    else:
        assert (exact, tail(0, rows, 0.5)) == (0, 1)


@pytest.mark.parametrize(("right", "rows"), [(59, 59), (950, 1000), (24_000, 25_000), (99_999, 100_000)])
def test_the_tail_of_many_rows_is_scipy_s(right: int, rows: int) -> None:
    for p in (0.9, 0.95, 0.96, 0.99):
        assert tail(right, rows, p) == pytest.approx(binom.sf(right - 1, rows, p), rel=1e-9, abs=1e-300)


def test_all_right_needs_the_well_known_number_of_rows() -> None:
    """0.95^59 < 0.05 < 0.95^58: the rule of three's 3 / 0.05, exactly."""
    assert (rows_needed(1.0, 0.95), rows_needed(1.0, 0.9), rows_needed(1.0, 0.99)) == (59, 29, 299)
    assert tail(59, 59, 0.95) <= 1 - CONFIDENCE < tail(58, 58, 0.95)


@pytest.mark.parametrize("share", [0.96, 0.975, 0.999])
def test_as_many_rows_as_are_needed_prove_the_target_and_half_as_many_do_not(share: float) -> None:
    rows = rows_needed(share, 0.95)
    assert rows is not None
    assert tail(int(share * rows), rows, 0.95) <= 1 - CONFIDENCE
    assert tail(int(share * rows / 2), rows // 2, 0.95) > 1 - CONFIDENCE


def test_no_number_of_rows_proves_more_than_what_is_true() -> None:
    assert rows_needed(0.95, 0.95) is None
    assert rows_needed(0.8, 0.95) is None
    assert rows_needed(0.95 + 1e-9, 0.95) is None
