"""Texts and labels → batches padded as they should be, and scikit-learn's balanced class weights."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight

from unrolled.training.examples import Examples, balanced

TEXTS = st.lists(st.lists(st.integers(0, 99), max_size=6), min_size=1, max_size=20)
LABELS = st.lists(st.integers(0, 4), min_size=1, max_size=60).map(lambda found: np.array(found, np.int64))


def examples_of(texts: list[list[int]]) -> Examples:
    ids = [np.array(text, np.int64) for text in texts]
    return Examples.of(ids, np.arange(len(texts)) % 3, np.array([len(text) // 2 for text in texts]))


@settings(deadline=None)
@given(TEXTS, st.data())
def test_a_batch_holds_the_texts_asked_for_in_order_with_their_lengths_and_labels(
    texts: list[list[int]], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1, max_size=8))
    ids, lengths, labels = examples_of(texts).batch(np.array(rows))
    assert ids.shape == (len(rows), max(1, *(len(texts[row]) for row in rows), 0))
    assert [line[:length].tolist() for line, length in zip(ids, lengths, strict=True)] == [texts[row] for row in rows]
    assert labels.tolist() == [row % 3 for row in rows]


@settings(deadline=None)
@given(TEXTS)
def test_lengths_count_the_ids_of_each_text_and_not_its_words(texts: list[list[int]]) -> None:
    assert examples_of(texts).lengths.tolist() == [len(text) for text in texts]


@settings(deadline=None)
@given(LABELS)
def test_balanced_weights_equal_scikit_learns(labels: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    present = np.unique(labels)
    wanted = compute_class_weight("balanced", classes=present, y=labels)
    # scikit-learn counts the classes that occur; the share of those is the only difference
    found = balanced(labels, 5)[present] * 5 / len(present)
    np.testing.assert_allclose(found, wanted, rtol=1e-14)


@settings(deadline=None)
@given(LABELS)
def test_balanced_weights_are_finite_also_for_a_class_without_texts(
    labels: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    found = balanced(labels, 6)
    assert found.shape == (6,)
    assert np.isfinite(found).all()
    assert (found > 0).all()
