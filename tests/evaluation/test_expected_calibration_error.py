"""Random confidences → the expected calibration error, bin by bin as Guo et al. (2017) write it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.evaluation.expected_calibration_error import expected_calibration_error

# The edges of the bins themselves, and anything between.
CONFIDENCE = st.one_of(st.floats(0, 1), st.integers(0, 15).map(lambda edge: edge / 15))


def as_written(confidences: list[float], right: list[bool]) -> float:
    total = 0.0
    for b in range(1, 16):
        members = [i for i, c in enumerate(confidences) if (b - 1) / 15 < c <= b / 15 or (b == 1 and c == 0)]
        if members:
            accuracy = sum(right[i] for i in members) / len(members)
            confidence = sum(confidences[i] for i in members) / len(members)
            total += len(members) / len(confidences) * abs(accuracy - confidence)
    return total


@settings(deadline=None)
@given(st.lists(st.tuples(CONFIDENCE, st.booleans()), min_size=1, max_size=60))
def test_equals_the_formula_written_as_a_loop(rows: list[tuple[float, bool]]) -> None:
    confidences, right = [confidence for confidence, _ in rows], [is_right for _, is_right in rows]
    found = expected_calibration_error(np.array(confidences), np.array(right))
    assert found == pytest.approx(as_written(confidences, right), abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_certain_and_right_is_zero_and_certain_and_wrong_is_one(dtype: type[np.floating]) -> None:
    assert expected_calibration_error(np.ones(8, dtype), np.ones(8, bool)) == 0
    assert expected_calibration_error(np.ones(8, dtype), np.zeros(8, bool)) == 1


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_is_reckoned_in_double_precision(dtype: type[np.floating]) -> None:
    generator = np.random.default_rng(0)
    confidences, right = generator.random(500).astype(dtype), generator.random(500) < 0.5
    assert expected_calibration_error(confidences, right) == expected_calibration_error(
        confidences.astype(np.float64), right
    )


def test_tends_to_zero_where_the_confidences_are_the_chances() -> None:
    generator = np.random.default_rng(0)
    confidences = generator.uniform(0.2, 1, size=200_000)
    right = generator.random(200_000) < confidences
    assert expected_calibration_error(confidences, right) < 0.01
    assert expected_calibration_error(confidences, generator.random(200_000) < confidences - 0.1) == pytest.approx(
        0.1, abs=0.01
    )
