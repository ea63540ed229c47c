"""Random pairs of labels → scikit-learn's matrix, and labels that NumPy's strings would confuse stay apart."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from unrolled.evaluation.confusion import confusion

LABELS = st.sampled_from(["spam", "ham", "Ham", "ä", "数", "10", "9", " "])


@settings(deadline=None)
@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40))
def test_equals_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    truth, predictions = [true for true, _ in pairs], [predicted for _, predicted in pairs]
    found = confusion(truth, predictions)
    union = np.unique(truth + predictions).tolist()
    assert found.labels == union
    wanted = confusion_matrix(truth, predictions, labels=[*union, "unused"])[:-1, :-1]  # it warns of a single label
    np.testing.assert_array_equal(found.matrix, wanted)


def test_rows_are_true_and_columns_predicted() -> None:
    found = confusion(["a", "a", "b"], ["b", "b", "b"])
    assert found.labels == ["a", "b"]
    assert found.matrix.tolist() == [[0, 2], [0, 1]]


def test_labels_that_differ_in_a_trailing_nul_stay_apart() -> None:
    found = confusion(["a", "a\0"], ["a", "a"])
    assert found.labels == ["a", "a\0"]
    assert found.matrix.tolist() == [[1, 0], [1, 0]]


def test_labels_come_out_as_plain_strings() -> None:
    found = confusion(list(np.array(["x", "y"])), list(np.array(["y", "y"])))
    assert [type(label) for label in found.labels] == [str, str]
