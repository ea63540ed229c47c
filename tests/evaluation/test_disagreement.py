"""Predictions → majorities and divided texts, as a loop over the texts finds them."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unrolled.evaluation.disagreement import majority, most_disputed

MODELS = st.integers(1, 12).flatmap(
    lambda texts: st.lists(
        st.lists(st.lists(st.integers(0, 3), min_size=texts, max_size=texts), min_size=1, max_size=5),
        min_size=1,
        max_size=4,
    )
)


def said_most_often(votes: list[int]) -> int:
    counts = Counter(votes)
    return next(vote for vote in votes if counts[vote] == max(counts.values()))


@given(MODELS)
def test_equals_a_loop_over_the_texts(models: list[list[list[int]]]) -> None:
    columns = [
        [said_most_often([of_seed[row] for of_seed in seeds]) for seeds in models] for row in range(len(models[0][0]))
    ]
    for number, seeds in enumerate(models):
        assert majority(np.array(seeds)).tolist() == [answers[number] for answers in columns]
    split = [(max(Counter(answers).values()), row) for row, answers in enumerate(columns) if len(set(answers)) > 1]
    for first in (0, 2, 100):
        found = most_disputed([np.array(seeds) for seeds in models], first)
        assert found.count == len(split)
        assert found.rows.tolist() == [row for _, row in sorted(split)][:first]
        assert found.answers.tolist() == [columns[row] for row in found.rows]


def test_the_most_divided_come_first() -> None:
    models = [np.array([[0, 0, 0, 0]]), np.array([[0, 0, 1, 1]]), np.array([[0, 1, 2, 0]]), np.array([[0, 0, 2, 1]])]
    found = most_disputed(models, 10)
    assert found.rows.tolist() == [2, 3, 1]  # two agree, two agree, three agree
    assert found.answers.tolist() == [[0, 1, 2, 2], [0, 1, 0, 1], [0, 0, 1, 0]]
