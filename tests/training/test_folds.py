"""Labels, copies and evidence in any mixture → folds without which every class can still be trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unrolled.training.folds import FOLDS, assign_folds

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
def test_a_text_s_first_label_is_left_in_training_whatever_fold_is_held_out(rows: list[tuple[int, str, bool]]) -> None:
    folds, _, _, copies = assigned(rows)
    first = {copy: min(label for other, label, _ in rows if other == copy) for copy in set(copies.tolist())}
    for fold in range(folds.max() + 1):
        assert (folds == fold).any()
        left = {first[copy] for copy in copies[folds != fold].tolist()}
        assert left == set(first.values())


def test_a_class_of_one_text_is_never_held_out() -> None:
    folds, *_ = assigned([(0, "a", True), *((n, "b", True) for n in range(1, 12))])
    assert folds[0] == -1
    assert sorted(np.bincount(folds[1:])) == [2, 2, 2, 2, 3]
