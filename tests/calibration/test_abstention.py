"""Targets and thresholds, for all labels or for each of some → whether they fit, and the lowest probabilities."""

from __future__ import annotations

from typing import Any

import pytest

from tests.each import each
from unrolled.calibration.abstention import Abstention

LABELS = ("ham", "spam", "unsure")


@pytest.mark.parametrize(
    ("target", "threshold", "lowest"),
    [
        (0.9, 0.75, [0.75, 0.75, 0.75]),
        (0.9, None, [2, 2, 2]),
        ({"spam": 0.9}, {"spam": 0.6}, [0, 0.6, 0]),
        ({"spam": 0.9, "ham": 0.8}, {"ham": None, "spam": 0.0}, [2, 0, 0]),
    ],
)
def test_a_label_is_answered_from_its_own_threshold_on(target: Any, threshold: Any, lowest: list[float]) -> None:
    found = Abstention(target_precision=target, threshold=threshold)
    assert found.fits(LABELS)
    assert found.lowest(LABELS).tolist() == lowest


@each(
    ("target", "threshold"),
    [
        (0.9, {"spam": 0.6}),
        ({"spam": 0.9}, 0.6),
        ({"spam": 0.9}, None),
        ({"spam": 0.9}, {"ham": 0.6}),
        ({"spam": 0.9}, {"ham": 0.6, "spam": 0.6}),
        ({"maybe": 0.9}, {"maybe": 0.6}),
    ],
)
def test_targets_and_thresholds_of_different_labels_do_not_fit(target: Any, threshold: Any) -> None:
    assert not Abstention(target_precision=target, threshold=threshold).fits(LABELS)
