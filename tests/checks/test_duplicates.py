"""Keys → rows of the same text, by dictionaries of the texts themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.checks.duplicates import check
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.duplicate_groups import (
    DuplicateGroups,
    contradictions,
    duplicate_rows,
    normal_words,
)
from unrolled.data.split import as_keys, groups_of, key_of

pairs = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from([0, 1, 2])), max_size=30)


def split_pairs(rows: list[tuple[str, int]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    keys = as_keys(b"".join(key_of(text.encode(), 0) for text, _ in rows))
    return groups_of(keys), np.array([label for _, label in rows], np.int64)


@given(pairs)
def test_a_copy_is_every_row_whose_text_and_label_stood_before(rows: list[tuple[str, int]]) -> None:
    found, others = duplicate_rows(*split_pairs(rows))
    first: dict[tuple[str, int], int] = {}
    expected = [(n, first[row]) for n, row in enumerate(rows) if first.setdefault(row, n) != n]
    assert list(zip(found.tolist(), others.tolist(), strict=True)) == expected


@given(pairs)
def test_a_contradiction_is_every_row_whose_text_has_several_labels(rows: list[tuple[str, int]]) -> None:
    found, others = contradictions(*split_pairs(rows))
    labels = defaultdict(set)
    for text, label in rows:
        labels[text].add(label)
    expected = [n for n, (text, _) in enumerate(rows) if len(labels[text]) > 1]
    assert found.tolist() == expected
    for row, other in zip(found.tolist(), others.tolist(), strict=True):
        (text, label), same = rows[row], [m for m, one in enumerate(rows) if one[0] == rows[row][0]]
        assert other == next(m for m in same if rows[m] != (text, label))


@each(
    ("one", "other", "same"),
    [
        ("Don't stop!", "dont  STOP", True),
        ("a well-known film", "a well known film", True),
        ("café", "cafe\u0301", True),
        ("ﬁne", "fine", True),
        ("good :)", "good 😀", False),
        ("5 $", "5 €", False),
        ("हिन्दी", "हन्द", False),
        ("!!!", "???", False),
        ("one two", "two one", False),
        ("take 1.5 mg", "take 15 mg", False),
        ("take .5 mg", "take 5 mg", False),
        ("at 10:30", "at 1030", False),
        ("1/2 cup", "12 cup", False),
        ("balance -50", "balance 50", False),
        ("2 51 units", "25 1 units", False),
        ("2, 51 units", "251 units", False),
        ("2, 51 units", "2 51 units.", True),
        ("it costs 15.", "It costs 15", True),
        ("covid-19", "covid 19", True),
        ("4 you", "4you", True),
        ("1.5 Mg!", "1.5mg", True),
        ("10 - no", "10 no", True),
    ],
)
def test_normalising_leaves_letters_digits_and_symbols(
    profile: Callable[..., DatasetProfile], one: str, other: str, same: bool
) -> None:
    first, second = DuplicateGroups(profile([(one, "a"), (other, "b")])).normal
    assert (first == second) == same


def test_words_without_letters_are_empty() -> None:
    assert normal_words(["n't", "...", "U.S.", "😀", "—", "1.5", "-"]) == ["nt", "", "us", "😀", "", "1.5", ""]


def test_each_row_is_told_in_its_file_and_contradictions_across_files(profile: Callable[..., DatasetProfile]) -> None:
    rows = [("one", "a"), ("two", "b"), ("one", "a"), ("One!", "a"), ("ONE", "b"), ("two", "b")]
    seen = profile(rows, [("one", "b"), ("two", "b")])
    found = {finding.kind: finding for finding in check(seen)}
    assert found["exact_duplicates"].rows.tolist() == [2, 5]
    assert found["duplicates_but_for_spelling"].rows.tolist() == [3]
    assert found["contradictions"].rows.tolist() == [0, 2, 6]
    assert found["contradictions_but_for_spelling"].rows.tolist() == [3, 4]
    assert len(found) == 4
