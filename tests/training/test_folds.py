"""Labels, copies and evidence in any mixture → folds, copies in one."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unrolled.training.folds import FOLDS, assign_folds, can_train_without_each

texts = st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abc"), st.booleans()), min_size=1, max_size=60)


def assigned(rows: list[tuple[int, str, bool]]) -> tuple[Any, Any, list[str], Any]:
    copies, labels, evidence = (list(column) for column in zip(*rows, strict=True))
    keys = np.stack([np.array(copies, np.uint64), np.zeros(len(rows), np.uint64)], axis=1)
    first = {copy: place for place, copy in reversed(list(enumerate(copies)))}
    usable = np.array([evidence[first[copy]] for copy in copies])  # copies of a text are evidence together
    return assign_folds(usable, keys, labels), usable, labels, np.array(copies)


@given(texts)
def test_copies_share_a_fold_and_only_evidence_is_held_out(rows: list[tuple[int, str, bool]]) -> None:
    folds, usable, _, copies = assigned(rows)
    assert all(len(set(folds[copies == copy])) == 1 for copy in set(copies.tolist()))
    assert (folds[~usable] == -1).all()
    assert set(folds.tolist()) <= set(range(-1, FOLDS))


@given(texts)
def test_every_text_that_is_evidence_is_held_out_once(rows: list[tuple[int, str, bool]]) -> None:
    folds, usable, _, copies = assigned(rows)
    distinct = len(set(copies[usable].tolist()))
    assert (folds[usable] >= 0).all() == (distinct > 1 or not usable.any())
    assert len(set(folds[usable].tolist())) == (min(FOLDS, distinct) if distinct else 0)


def test_a_class_of_one_text_is_held_out_too() -> None:
    folds, *_ = assigned([(0, "a", True), *((n, "b", True) for n in range(1, 12))])
    assert sorted(np.bincount(folds)) == [2, 2, 2, 3, 3]


def test_what_is_left_of_the_texts_must_have_two_labels_and_one_of_the_dev_texts() -> None:
    folds = np.array([0, 1, 1, 0])
    assert can_train_without_each(folds, ["a", "a", "b", "b"], ["b"])
    assert not can_train_without_each(folds, ["a", "b", "b", "a"], ["b"])  # a alone is left, or b
    assert can_train_without_each(folds, ["a", "b", "b", "a"], ["b"], ["a", "b"])  # the base model knows both
    assert not can_train_without_each(folds, ["a", "b", "c", "d"], ["a"])
    assert can_train_without_each(np.array([-1, -1, 0, 1]), ["a", "b", "c", "d"], ["a"])
