"""Rows of which some taught a model → counts and the accuracy on the others, as they come out by hand."""

from __future__ import annotations

import numpy as np

from unrolled.evaluation import evaluate
from unrolled.evaluation.seen_texts import count_seen
from unrolled.text.fingerprints import Fingerprints, TextFingerprints


def array(*values: int) -> Fingerprints:
    return np.array(values, np.uint64)


KNOWN = TextFingerprints.of(array(1, 2), array(3))
LABELS, P = ["a", "b", "a", "a", "b", "b"], np.array([[1, 0], [0, 1], [1, 0], [0, 1], [0, 1], [1, 0.0]])


def test_rows_and_distinct_texts_are_counted_and_the_others_scored() -> None:
    found = count_seen(KNOWN, array(2, 2, 3, 8, 9, 9), LABELS, P, ["a", "b"])
    assert found is not None
    assert (found.rows, found.texts, found.selection_rows, found.selection_texts) == (2, 1, 1, 1)
    assert found.unseen_rows == 3
    assert found.unseen_accuracy == evaluate(LABELS[3:], P[3:], ["a", "b"]).accuracy
    assert found.unseen_accuracy.value == 1 / 3
    assert found.as_json()["unseen_accuracy"]["value"] == 1 / 3


def test_where_all_or_none_taught_it_there_is_no_other_accuracy() -> None:
    for own, seen in ((array(*[1] * 6), 6), (array(*[8] * 6), 0)):
        found = count_seen(KNOWN, own, LABELS, P, ["a", "b"])
        assert found is not None
        assert (found.seen_rows, found.unseen_accuracy) == (seen, None)


def test_of_a_model_without_fingerprints_nothing_is_known() -> None:
    assert count_seen(None, array(*[1] * 6), LABELS, P, ["a", "b"]) is None
