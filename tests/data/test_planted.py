"""Generated texts → what is planted in them stands where it should, and nothing else tells the label."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from unrolled.data.planted import FILLERS, bigram, early_word, gap, word_order

KINDS: list[Callable[[int, int], tuple[list[str], list[str]]]] = [
    lambda texts, seed: early_word(texts, distance=9, seed=seed),
    lambda texts, seed: bigram(texts, length=9, seed=seed),
    lambda texts, seed: gap(texts, length=12, width=5, seed=seed),
    lambda texts, seed: word_order(texts, seed=seed),
]


@pytest.mark.parametrize("kind", KINDS)
def test_half_of_the_texts_have_each_label_and_a_seed_gives_the_same_texts(
    kind: Callable[[int, int], tuple[list[str], list[str]]],
) -> None:
    texts, labels = kind(100, 1)
    assert (len(texts), labels.count("yes"), labels.count("no")) == (100, 50, 50)
    assert kind(100, 1) == (texts, labels)
    assert kind(100, 2)[0] != texts


def test_the_deciding_word_is_the_first_and_so_many_steps_before_the_last() -> None:
    for text, label in zip(*early_word(50, distance=20, seed=0), strict=True):
        first, *others = text.split()
        assert (first, len(others)) == ({"yes": "good", "no": "bad"}[label], 20)
        assert set(others) <= set(FILLERS)


@pytest.mark.parametrize("width", [2, 5])
def test_the_two_words_stand_apart_by_their_width_and_off_the_edges(width: int) -> None:
    places = set()
    for text, label in zip(*gap(300, length=12, width=width, seed=0), strict=True):
        words = text.split()
        first, last = ("not", "good") if label == "yes" else ("good", "not")
        start = words.index(first)
        assert (len(words), words[start + width - 1]) == (12, last)
        assert set(words) - set(FILLERS) == {"not", "good"}
        places.add(start)
    assert places == set(range(2, 12 - width - 1))


def test_word_order_has_the_same_words_under_both_labels() -> None:
    for text, label in zip(*word_order(50, seed=0), strict=True):
        names = [word for word in text.split() if word not in FILLERS]
        assert names == (["Bob", "likes", "Alice"] if label == "yes" else ["Alice", "likes", "Bob"])
