"""Random confidences → share and accuracy of the rows that are answered, as a loop over the rows counts them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.evaluation.coverage import THRESHOLDS, coverages, curve, most_covered, wilson

CONFIDENCE = st.floats(0, 1) | st.sampled_from(THRESHOLDS)


@settings(deadline=None)
@given(st.lists(st.tuples(CONFIDENCE, st.booleans()), min_size=1, max_size=40))
def test_equals_a_loop_over_the_rows(rows: list[tuple[float, bool]]) -> None:
    found = {
        one.min_probability: one for one in coverages(np.array([c for c, _ in rows]), np.array([r for _, r in rows]))
    }
    before = None
    for least in THRESHOLDS:
        kept = [right for confidence, right in rows if confidence >= least]
        assert (least in found) == (before is None or len(kept) < before)
        before = len(kept)
        if least in found:
            assert (found[least].rows, found[least].coverage) == (len(kept), len(kept) / len(rows))
            accuracy = found[least].accuracy
            assert (accuracy is None) == (not kept)
            assert accuracy is None or accuracy.value == sum(kept) / len(kept)
    assert list(found) == sorted(found)
    assert next(iter(found)) == 0


@settings(deadline=None)
@given(st.integers(1, 5000), st.data())
def test_the_interval_holds_the_shares_from_which_the_found_one_is_1_96_deviations_away(
    rows: int, data: st.DataObject
) -> None:
    """Wilson's bounds are the p with |share - p| = z sqrt(p (1 - p) / n)."""
    right = data.draw(st.integers(0, rows))
    found = wilson(right, rows)
    assert 0 <= found.low <= found.value <= found.high <= 1
    for bound, reached in ((found.low, right > 0), (found.high, right < rows)):
        away, deviation = abs(found.value - bound), math.sqrt(bound * (1 - bound) / rows)
        if reached:
            assert away == pytest.approx(1.959964 * deviation, rel=1e-5)
        else:
            assert away < 1e-12


def test_published_bounds() -> None:
    """Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29, by the score method without correction."""
    for (right, rows), bounds in {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }.items():
        found = wilson(right, rows)
        assert (found.low, found.high) == pytest.approx(bounds, abs=5e-5)


def test_of_few_rows_that_are_all_right_it_is_not_certain() -> None:
    (one,) = coverages(np.ones(5), np.ones(5, bool))
    assert one.accuracy == wilson(5, 5)
    assert (one.accuracy.value, one.accuracy.high) == (1, 1)
    assert one.accuracy.low == pytest.approx(0.5655, abs=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_confidence_that_is_the_least_itself_is_answered(dtype: type[np.floating]) -> None:
    assert [one.rows for one in coverages(np.array([0.5, 0.5], dtype), np.array([True, False]))] == [2, 0]


@settings(deadline=None)
@given(st.lists(st.tuples(CONFIDENCE, st.booleans()), min_size=1, max_size=40), st.floats(0, 1))
def test_a_model_s_own_least_probability_is_always_among_them(rows: list[tuple[float, bool]], own: float) -> None:
    confidences, right = np.array([c for c, _ in rows]), np.array([r for _, r in rows])
    found = coverages(confidences, right, own)
    (one,) = [each for each in found if each.min_probability == own]
    assert one == most_covered(confidences, right, own)
    assert one.rows == sum(c >= own for c, _ in rows)
    least = [each.min_probability for each in found]
    assert least == sorted(set(least))
    assert {each.min_probability for each in coverages(confidences, right)} <= {*least, *THRESHOLDS}


@each("rows", [1, 7, 20, 41, 1821])
def test_each_point_of_a_curve_answers_its_share_rounded_up(rows: int) -> None:
    found = curve(np.random.default_rng(0).permutation(rows) / rows, np.ones(rows, bool), 20)
    assert [one.rows for one in found] == sorted({math.ceil(n * rows / 20) for n in range(1, 21)})


@settings(deadline=None)
@given(st.lists(st.tuples(CONFIDENCE, st.booleans()), min_size=1, max_size=80), st.integers(1, 60))
def test_a_curve_goes_from_the_surest_rows_to_all_and_each_point_is_a_count(
    rows: list[tuple[float, bool]], points: int
) -> None:
    found = curve(np.array([c for c, _ in rows]), np.array([r for _, r in rows]), points)
    assert 1 <= len(found) <= points
    assert found[-1].rows == len(rows)
    assert [one.rows for one in found] == sorted({one.rows for one in found})
    for one in found:
        kept = [right for confidence, right in rows if confidence >= one.min_probability]
        assert one.accuracy is not None
        assert (one.rows, one.accuracy.value) == (len(kept), sum(kept) / len(kept))
