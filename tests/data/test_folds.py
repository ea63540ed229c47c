"""Keys and labels → folds: every text in one, duplicates together, classes in their share, whatever the order."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.folds import folds_of
from unrolled.data.split import as_keys, key_of
from unrolled.errors import DataError


def folds(texts: list[str], labels: list[str], number: int) -> list[int]:
    found = folds_of(as_keys(b"".join(key_of(text.encode(), 0) for text in texts)), labels, number)
    return [int(fold) for fold in found]


rows = st.lists(st.tuples(st.integers(0, 60).map(str), st.sampled_from("abc")), min_size=1, max_size=120)


@given(rows, st.integers(2, 8))
def test_equal_texts_share_a_fold_and_no_fold_lacks_texts_where_there_are_enough(
    rows: list[tuple[str, str]], number: int
) -> None:
    texts, labels = map(list, zip(*rows, strict=True))
    if len(set(texts)) < number:
        with pytest.raises(DataError, match=f"{number} folds need at least {number} different texts"):
            folds(texts, labels, number)
        return
    found = folds(texts, labels, number)
    assert set(found) <= set(range(number))
    assert len(set(zip(texts, found, strict=True))) == len(set(texts))


@given(st.permutations(range(40)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    texts, labels = [str(n // 2) for n in range(40)], [("a", "b")[n // 2 % 2] for n in range(40)]
    found = folds(texts, labels, 4)
    assert folds([texts[n] for n in order], [labels[n] for n in order], 4) == [found[n] for n in order]


@given(st.lists(st.sampled_from("aab"), min_size=10, max_size=200), st.integers(2, 10))
def test_without_duplicates_each_class_is_shared_out_evenly_and_so_are_all_rows(labels: list[str], number: int) -> None:
    """As scikit-learn's StratifiedKFold promises."""
    found = folds([str(n) for n in range(len(labels))], labels, number)
    for label in set(labels):
        counts = Counter(fold for fold, own in zip(found, labels, strict=True) if own == label)
        assert max(counts.values()) - min(counts.get(fold, 0) for fold in range(number)) <= 1
    sizes = np.bincount(found, minlength=number)
    assert sizes.max() - sizes.min() <= 1


def test_large_groups_are_balanced() -> None:
    texts = [str(n) for n in range(12) for _ in range(n + 1)]
    sizes = np.bincount(folds(texts, ["a"] * len(texts), 3))
    assert sizes.sum() == 78
    assert sizes.max() - sizes.min() <= 2
