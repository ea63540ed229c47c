"""A seed → the lecture's example, grown to a small corpus in which like and love, apples and oranges share contexts.

Nowhere in it does apples follow love or oranges follow like, so the two unseen sentences hold a pair of words that no
n-gram has counted. That love may be read as like, and apples as oranges, can be learnt from the other sentences.
"""

from __future__ import annotations

import random

TWO_SENTENCES = ("I like apples", "I love oranges")
UNSEEN = ("I love apples", "I like oranges")
NEVER_TOGETHER = {("love", "apples"), ("like", "oranges")}

PRONOUNS = ("I", "you", "we", "they")
VERBS = ("like", "love", "eat", "buy", "sell")
FRUITS = ("apples", "oranges", "pears", "plums", "cherries")
ADJECTIVES = ("sweet", "ripe", "fresh", "red")


def fruit_corpus(seed: int, *, sentences: int = 400) -> list[str]:
    """Draw sentences, the two of the lecture first, and none with a pair that is never together."""
    chance = random.Random(seed)  # noqa: S311  chance for a corpus, not for a secret
    corpus = list(TWO_SENTENCES)
    while len(corpus) < sentences:
        pronoun, verb, fruit, adjective = map(chance.choice, (PRONOUNS, VERBS, FRUITS, ADJECTIVES))
        about_the_fruit = (f"the {fruit} are {adjective}", f"{adjective} {fruit} are here")
        is_unseen = (verb, fruit) in NEVER_TOGETHER
        corpus.append(chance.choice(about_the_fruit if is_unseen else (f"{pronoun} {verb} {fruit}", *about_the_fruit)))
    return corpus
