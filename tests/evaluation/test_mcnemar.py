"""Which texts two models have right → scipy's two-sided binomial test, Holm over all of them."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.each import each
from unrolled.evaluation.holm import holm
from unrolled.evaluation.mcnemar import McNemar, mcnemar_p, mcnemar_tables


@given(st.integers(0, 400), st.integers(0, 400))
def test_equals_scipy(one: int, other: int) -> None:
    wanted = binomtest(one, one + other, 0.5).pvalue if one + other else 1.0
    assert mcnemar_p(one, other) == pytest.approx(wanted, rel=1e-10, abs=1e-300)
    assert mcnemar_p(other, one) == mcnemar_p(one, other)


@each(("one", "other"), [(12_400, 12_600), (0, 25_000), (3000, 22_000), (1, 1), (0, 5)])
def test_many_texts_neither_overflow_nor_wear_out_the_digits(one: int, other: int) -> None:
    wanted = binomtest(one, one + other, 0.5).pvalue
    assert mcnemar_p(one, other) == pytest.approx(wanted, rel=1e-9, abs=sys.float_info.min)


@given(st.integers(0, 12), st.integers(0, 12))
def test_is_the_share_of_all_falls_of_a_coin_that_are_as_uneven(one: int, other: int) -> None:
    tosses = one + other
    uneven = sum(math.comb(tosses, heads) for heads in range(tosses + 1) if abs(2 * heads - tosses) >= abs(one - other))
    assert mcnemar_p(one, other) == uneven / 2**tosses


def test_counts_text_by_text_for_the_seeds_that_both_have_and_corrects_over_all_models() -> None:
    generator = np.random.default_rng(0)
    best = {seed: generator.random(300) < 0.9 for seed in (3, 1, 7)}
    others = [
        {seed: generator.random(300) < share for seed in seeds} for share, seeds in ((0.8, (1, 3)), (0.6, (7, 9)))
    ]
    found = mcnemar_tables(best, others)
    assert [[test.seed for test in tests] for tests in found] == [[1, 3], [7]]
    for tests, other in zip(found, others, strict=True):
        for test in tests:
            pairs = list(zip(best[test.seed].tolist(), other[test.seed].tolist(), strict=True))
            assert test.selected_alone == pairs.count((True, False))
            assert test.this_alone == pairs.count((False, True))
    flat = [test for tests in found for test in tests]
    assert [test.p for test in flat] == [mcnemar_p(test.selected_alone, test.this_alone) for test in flat]
    assert [test.p_holm for test in flat] == holm([test.p for test in flat])
    assert len({test.p for test in flat}) == 3


def test_models_that_are_right_on_the_same_texts_do_not_differ() -> None:
    right = np.array([True, False, True])
    assert mcnemar_tables({0: right}, [{0: right.copy()}, {}]) == [[McNemar(0, 0, 0, 1.0, 1.0)], []]
