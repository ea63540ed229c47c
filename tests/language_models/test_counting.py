"""Counted n-grams against Chen and Goodman's formulas, written out slowly, and against numbers counted by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.language_models.counting import Counting, Smoothing
from unrolled.language_models.windows import windows

WORDS = 6  # <unk>, </s> and four others
LINES = [[2, 3, 4], [2, 3, 5], [2, 3, 4], [4, 2, 3, 4], [3], [], [5, 5, 4], [2, 0]]
CORPORA = st.lists(st.lists(st.integers(2, WORDS - 1), max_size=5), min_size=1, max_size=8)


def counted(lines: Sequence[Sequence[int]], order: int, smoothing: Smoothing = "kneser-ney") -> Counting:
    rows = [windows(np.array(line, np.int64), order) for line in lines]
    return Counting.count(WORDS, np.concatenate(rows), smoothing)


class ChenGoodman:
    """Interpolated Kneser-Ney as the paper has it: every sum is taken anew over the corpus's own n-grams."""

    def __init__(self, lines: Sequence[Sequence[int]], order: int) -> None:
        self.order = order
        self.corpus: list[tuple[int, ...]] = []
        for line in lines:
            padded = (1,) * (order - 1) + tuple(line) + (1,)
            self.corpus += [padded[i : i + order] for i in range(len(padded) - order + 1)]

    def c(self, gram: tuple[int, ...]) -> int:
        """c(gram), or for a shorter one N1+(• gram), the number of its different left neighbours."""
        if len(gram) == self.order:
            return sum(seen == gram for seen in self.corpus)
        ends = {seen[-len(gram) - 1 :] for seen in self.corpus if seen[-len(gram) :] == gram}
        return len({seen[0] for seen in ends})

    def grams(self, length: int) -> set[tuple[int, ...]]:
        return {seen[-length:] for seen in self.corpus}

    def discount(self, length: int) -> Fraction:
        counts = [self.c(gram) for gram in self.grams(length)]
        n1, n2 = counts.count(1), counts.count(2)
        return Fraction(n1, n1 + 2 * n2) if n1 else Fraction(1, 2)

    def p(self, history: tuple[int, ...], word: int) -> Fraction:
        lower = self.p(history[1:], word) if history else Fraction(1, WORDS)
        after = [self.c((*history, w)) for w in range(WORDS)]
        if sum(after) == 0:
            return lower
        D = self.discount(len(history) + 1)
        n1plus = sum(count > 0 for count in after)
        return max(self.c((*history, word)) - D, Fraction(0)) / sum(after) + D * n1plus / sum(after) * lower


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_kneser_ney_equals_chen_and_goodman_s_formulas(order: int) -> None:
    model, slow = counted(LINES, order), ChenGoodman(LINES, order)
    histories = {seen[:-1] for seen in slow.corpus} | {(5,) * (order - 1), (0,) * (order - 1), (4, 4, 2)[: order - 1]}
    for history in histories:
        for word in range(WORDS):
            assert model.probability(history, word) == pytest.approx(float(slow.p(history, word)), abs=1e-13)


def test_kneser_ney_by_hand() -> None:
    """Bigrams of "a b", "a c", "b b": </s> a 2, </s> b 1, a b 1, a c 1, b b 1, b </s> 2, c </s> 1.

    n1 = 5, n2 = 2: D = 5/9. Left neighbours: a 1, b 3, c 1, </s> 2, together 7; n1 = 2, n2 = 1: D = 1/2.
    P(b) = (3 - 1/2)/7 + 4 (1/2)/7 (1/5) = 29/70, and P(b | a) = (1 - 5/9)/2 + (5/9) 2/2 P(b) = 2/9 + 29/126 = 57/126.
    The vocabulary is <unk>, </s>, a, b, c. P(a) = (1/2)/7 + (2/7)/5 = 9/70 and P(a | a), unseen, = (5/9) 9/70 = 1/14.
    """
    rows = np.concatenate([windows(np.array(line), 2) for line in ([2, 3], [2, 4], [3, 3])])
    model = Counting.count(5, rows, "kneser-ney")
    assert model.discounts == pytest.approx([1 / 2, 5 / 9])
    assert model.probability((2,), 3) == pytest.approx(57 / 126)
    assert model.probability((2,), 2) == pytest.approx(1 / 14)


@given(lines=CORPORA, order=st.integers(1, 4), history=st.lists(st.integers(0, WORDS - 1), min_size=3, max_size=3))
def test_after_any_history_the_probabilities_sum_to_1(lines: list[list[int]], order: int, history: list[int]) -> None:
    seen = [row[:-1].tolist() for line in lines for row in windows(np.array(line, np.int64), order)]
    for smoothing in ("kneser-ney", "maximum-likelihood"):
        model = counted(lines, order, smoothing)
        for read in (history[: order - 1], *seen):
            found = model.distribution(np.array(read, np.int64))
            assert found.sum() == pytest.approx(1, abs=1e-12)
            assert (found > 0).all() or smoothing == "maximum-likelihood"


@given(lines=CORPORA, order=st.integers(1, 4))
def test_maximum_likelihood_is_the_share_of_a_history_s_windows(lines: list[list[int]], order: int) -> None:
    model = counted(lines, order, "maximum-likelihood")
    rows = [tuple(row) for line in lines for row in windows(np.array(line, np.int64), order).tolist()]
    for history in {row[:-1] for row in rows}:
        after = [row[-1] for row in rows if row[:-1] == history]
        assert model.distribution(np.array(history)).tolist() == [after.count(w) / len(after) for w in range(WORDS)]


def test_log_probabilities_are_those_of_the_rows_and_zero_has_none() -> None:
    model = counted(LINES, 2, "maximum-likelihood")
    found = model.log_probabilities(np.array([[2], [2]]), np.array([3, 5]))
    assert found.tolist() == [math.log(4 / 5), -math.inf]


def test_where_nothing_was_seen_once_unseen_words_still_have_a_probability() -> None:
    model = counted([[2, 3], [2, 3]], 2)
    assert model.discounts[1] == 0.5
    assert model.probability((2,), 0) > 0
