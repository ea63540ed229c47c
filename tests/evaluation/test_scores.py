"""Random pairs of labels → scikit-learn's precision, recall, F1 and averages, for one matrix and for a stack."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from unrolled.evaluation.confusion import confusion
from unrolled.evaluation.scores import Counts, counts_of, f1, precision, recall, summary

LABELS = st.sampled_from("abcdef")
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40)


@settings(deadline=None)
@given(PAIRS)
def test_scores_by_class_equal_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    truth, predictions = [true for true, _ in pairs], [predicted for _, predicted in pairs]
    counts = counts_of(confusion(truth, predictions).matrix)
    found = np.stack([precision(counts), recall(counts), f1(counts), counts.support])
    wanted = precision_recall_fscore_support(truth, predictions, zero_division=0)
    np.testing.assert_allclose(found, np.stack(wanted), rtol=1e-14)


@settings(deadline=None)
@given(PAIRS)
def test_summary_equals_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    truth, predictions = [true for true, _ in pairs], [predicted for _, predicted in pairs]
    wanted = [
        accuracy_score(truth, predictions),
        f1_score(truth, predictions, average="macro", zero_division=0),
        f1_score(truth, predictions, average="weighted", zero_division=0),
    ]
    found = summary(counts_of(confusion(truth, predictions).matrix))
    np.testing.assert_allclose(found, wanted, rtol=1e-14)


@settings(deadline=None)
@given(PAIRS)
def test_a_class_that_occurs_nowhere_changes_no_average(pairs: list[tuple[str, str]]) -> None:
    matrix = confusion([true for true, _ in pairs], [predicted for _, predicted in pairs]).matrix
    np.testing.assert_allclose(summary(counts_of(np.pad(matrix, (1, 2)))), summary(counts_of(matrix)), rtol=1e-14)


def test_a_stack_of_matrices_gives_the_scores_of_each() -> None:
    matrices = np.random.default_rng(0).integers(0, 3, size=(7, 4, 4))
    each = [counts_of(matrix) for matrix in matrices]
    stack = Counts(*(np.stack([getattr(c, name) for c in each]) for name in ("true_positives", "support", "predicted")))
    for of_stack, score in ((summary(stack), summary), (precision(stack), precision), (f1(stack), f1)):
        np.testing.assert_array_equal(of_stack, np.stack([score(counts) for counts in each]))
