"""The laws of the split: every class in its share, duplicates on one side, the same in any order of the rows."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.data.split import split_off
from unrolled.errors import SettingError

_TEXTS = st.sampled_from([*"abcdefgh", "", "\ud800", "longer text"]) | st.text(max_size=3)
_ROWS = st.lists(st.tuples(_TEXTS, st.sampled_from(["neg", "pos", "neutral"])), max_size=14)
_FRACTIONS = st.floats(0.01, 0.99)
_SEEDS = st.integers(0, 2**64)

Rows = list[tuple[str, str]]


def _split(rows: Rows, fraction: float, seed: int) -> tuple[list[int], list[int]]:
    return split_off([text for text, _ in rows], [label for _, label in rows], fraction=fraction, seed=seed)


def _groups(rows: Rows) -> dict[str, dict[str, int]]:
    """Class → its distinct texts → how often each occurs; a text of several labels belongs to the first."""
    groups: dict[str, dict[str, int]] = {}
    for text, times in Counter(text for text, _ in rows).items():
        groups.setdefault(min(label for other, label in rows if other == text), {})[text] = times
    return groups


@settings(deadline=None)
@given(_ROWS, _FRACTIONS, _SEEDS)
def test_each_row_is_on_one_side_and_equal_texts_on_the_same(rows: Rows, fraction: float, seed: int) -> None:
    train, held_out = _split(rows, fraction, seed)
    assert sorted(train + held_out) == list(range(len(rows)))
    assert (train, held_out) == (sorted(train), sorted(held_out))
    assert not {rows[row][0] for row in train} & {rows[row][0] for row in held_out}


@settings(deadline=None)
@given(_ROWS, _FRACTIONS, _SEEDS)
def test_of_each_class_the_fraction_is_held_out_and_no_further_group_fits(
    rows: Rows, fraction: float, seed: int
) -> None:
    held_out = {rows[row][0] for row in _split(rows, fraction, seed)[1]}
    for groups in _groups(rows).values():
        inside = [times for text, times in groups.items() if text in held_out]
        outside = [times for text, times in groups.items() if text not in held_out]
        missing = round(fraction * sum(groups.values())) - sum(inside)
        assert outside
        assert bool(inside) == (len(groups) > 1)
        if len(inside) > 1:
            assert missing >= 0
        if len(outside) > 1:
            assert missing < min(outside)


@settings(deadline=None)
@given(st.data(), _ROWS, _FRACTIONS, _SEEDS)
def test_the_order_of_the_rows_does_not_matter(data: st.DataObject, rows: Rows, fraction: float, seed: int) -> None:
    other = data.draw(st.permutations(rows))
    held_out = {rows[row] for row in _split(rows, fraction, seed)[1]}
    assert {other[row] for row in _split(other, fraction, seed)[1]} == held_out


@settings(deadline=None)
@given(st.integers(2, 60), _FRACTIONS, _SEEDS)
def test_distinct_texts_are_held_out_in_the_order_of_their_hash(count: int, fraction: float, seed: int) -> None:
    texts = [f"text {number}" for number in range(count)]
    by_hash = sorted(texts, key=lambda text: hashlib.blake2b(f"{seed}\n{text}".encode(), digest_size=16).digest())
    held_out = split_off(texts, ["a"] * count, fraction=fraction, seed=seed)[1]
    assert {texts[row] for row in held_out} == set(by_hash[: len(held_out)])


@pytest.mark.parametrize(("fraction", "held_out"), [(1e-9, 1), (0.999, 4)])
def test_of_a_class_of_several_texts_at_least_one_and_never_all_is_held_out(fraction: float, held_out: int) -> None:
    texts = [*"abcde", "alone", "alone"]
    rows = split_off(texts, [*"vvvvv", "w", "w"], fraction=fraction, seed=0)[1]
    assert len(rows) == held_out
    assert max(rows) < 5  # a class of one distinct text stays in training


def test_seeds_draw_different_rows_and_large_groups_in_their_turn() -> None:
    texts = [*(f"text {number}" for number in range(90)), *["thrice"] * 3, *["often"] * 7]
    drawn = [set(split_off(texts, ["a"] * 100, fraction=0.3, seed=seed)[1]) for seed in range(200)]
    assert all(len(rows) == 30 for rows in drawn)
    assert len({frozenset(rows) for rows in drawn}) == 200
    for row in (0, 92, 99):  # expected 0.3 of 200 draws; four standard deviations are 26
        assert 34 <= sum(row in rows for rows in drawn) <= 86


def test_a_large_class_of_many_sizes_is_split_at_once() -> None:
    texts = [str(number * number // 40_000) for number in range(100_000)]
    train, held_out = split_off(texts, ["a"] * len(texts), fraction=0.1, seed=0)
    assert len(held_out) == 10_000
    assert len(train) == 90_000


@each("fraction", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_a_fraction_outside_nothing_and_all_is_a_setting_error(fraction: float) -> None:
    with pytest.raises(SettingError, match="held-out fraction must be between 0 and 1"):
        split_off(["a", "b"], ["x", "y"], fraction=fraction, seed=0)
