"""A number of texts and a seed → generated texts whose label hangs on words planted in them, and the labels.

Half of the texts have each label, "yes" and "no"; every other word is drawn at random and says nothing. What a network
can't see it can't learn from these texts: it stays at 50 %.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

FILLERS = tuple(f"word{number}" for number in range(50))

Texts = tuple[list[str], list[str]]


def early_word(texts: int, *, distance: int, seed: int) -> Texts:
    """Plant the word that decides, "good" or "bad", this many steps before a text's last word, as its first."""
    return _generated(texts, seed, lambda label, fillers: [("bad", "good")[label], *fillers(distance)])


def bigram(texts: int, *, length: int, seed: int) -> Texts:
    """Plant "not good" for yes, "good not" for no, anywhere in a text: the same words, another order."""
    return gap(texts, length=length, width=2, seed=seed)


def gap(texts: int, *, length: int, width: int, seed: int) -> Texts:
    """Plant "not" and "good", in this order for yes, as the first and last of `width` words anywhere in a text.

    Two words at least stand before and behind: at a text's edge the windows that are missing would tell the label.
    """

    def text(label: int, fillers: Callable[[int], list[str]], place: int) -> list[str]:
        first, last = ("not", "good") if label else ("good", "not")
        return [*fillers(place), first, *fillers(width - 2), last, *fillers(length - width - place)]

    places = np.random.default_rng([seed, 1]).integers(2, length - width - 1, texts)
    drawn = iter(places.tolist())
    return _generated(texts, seed, lambda label, fillers: text(label, fillers, next(drawn)))


def word_order(texts: int, *, seed: int) -> Texts:
    """Write "Bob likes Alice" for yes and "Alice likes Bob" for no, each with a few words before and behind."""

    def text(label: int, fillers: Callable[[int], list[str]]) -> list[str]:
        likes = ["Bob", "likes", "Alice"] if label else ["Alice", "likes", "Bob"]
        return [*fillers(2), *likes, *fillers(2)]

    return _generated(texts, seed, text)


def _generated(texts: int, seed: int, text: Callable[[int, Callable[[int], list[str]]], list[str]]) -> Texts:
    random = np.random.default_rng([seed, 0])

    def fillers(number: int) -> list[str]:
        return [FILLERS[place] for place in random.integers(0, len(FILLERS), number)]

    labels = random.permutation(np.arange(texts) % 2).tolist()
    return [" ".join(text(label, fillers)) for label in labels], [("no", "yes")[label] for label in labels]
