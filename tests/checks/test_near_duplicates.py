"""Texts → all pairs that are nearly the same, exactly those that comparing all with all finds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.checks.findings.run import check
from unrolled.checks.profile import large_groups
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.duplicate_groups import normal_words
from unrolled.checks.profile.near_pairs import MOST_ALL, near_pairs
from unrolled.text import corpus as corpus_file
from unrolled.text.corpus import split
from unrolled.text.text_config import TextConfig


def found(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    corpus = split(texts, TextConfig())
    left, right, similarity = near_pairs(corpus, normal_words(corpus.words), np.arange(len(texts)))
    return dict(zip(zip(left.tolist(), right.tolist(), strict=True), similarity.tolist(), strict=True))


def all_with_all(texts: Sequence[str]) -> dict[tuple[int, int], Fraction]:
    """Compare sets of three words in a row, of texts that spaces part."""
    words = [text.split() for text in texts]
    sets = [{tuple(text[place : place + 3]) for place in range(len(text) - 2)} for text in words]
    pairs = ((a, b) for a, b in combinations(range(len(texts)), 2) if sets[a] and sets[b])
    alike = {(a, b): Fraction(len(sets[a] & sets[b]), len(sets[a] | sets[b])) for a, b in pairs}
    return {pair: share for pair, share in alike.items() if share >= Fraction(4, 5)}


def changed(chance: random.Random, words: list[str]) -> list[str]:
    """Change, take out or put in a few words."""
    words = list(words)
    for _ in range(chance.randrange(3)):
        place = chance.randrange(len(words))
        words[place : place + chance.randrange(2)] = chance.choices("abcdefgh", k=chance.randrange(2))
        words = words or ["a"]
    return words


@each("seed", range(8))
def test_exactly_the_pairs_that_comparing_all_with_all_finds(seed: int) -> None:
    chance = random.Random(seed)
    texts = [chance.choices([f"w{chr(97 + n)}" for n in range(9)], k=chance.randrange(1, 60)) for _ in range(40)]
    texts += [changed(chance, chance.choice(texts)) for _ in range(80)]
    joined = [" ".join(text) for text in texts]
    expected = all_with_all(joined)
    assert len(expected) > 20
    assert found(joined) == {pair: float(share) for pair, share in expected.items()}


@given(st.lists(st.text("ab ", max_size=40), max_size=12))
def test_any_texts_of_few_words(texts: list[str]) -> None:
    assert found(texts) == {pair: float(share) for pair, share in all_with_all(texts).items()}


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1)
    texts = [" ".join(changed(chance, list("abcdefghij"))) for _ in range(60)]
    whole = found(texts)
    assert whole
    monkeypatch.setattr(corpus_file, "WORDS", 50)
    assert found(texts) == whole


def test_case_and_punctuation_are_not_looked_at_and_the_order_of_words_is() -> None:
    texts = ["One two, three four five!", "one  two three FOUR -- five?", "five four three two one"]
    assert found(texts) == {(0, 1): 1.0}


def test_of_many_texts_made_from_one_template_each_has_a_pair_and_no_pair_is_wrong() -> None:
    """More than are compared all with all: pairs are left out then, and none is made up."""
    chance = random.Random(0)
    template = [f"t{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    texts = []
    for number in range(3 * MOST_ALL):
        words = list(template)
        words[chance.randrange(len(words))] = f"x{'abcdefghij'[number % 10]}"
        texts.append(" ".join(words))
    pairs, expected = found(texts), all_with_all(texts)
    assert {row for pair in pairs for row in pair} == {row for pair in expected for row in pair}
    assert all(pairs[pair] == float(expected[pair]) for pair in pairs)


def is_near(one: str, other: str) -> bool:
    return bool(all_with_all([one, other]))


@pytest.mark.torture
@pytest.mark.parametrize(("group", "tries"), [(30, 64), (100, 64), (100, 4), (400, 64)])
def test_every_row_of_a_template_that_has_a_near_one_is_told_in_training_and_in_its_file(
    profile: Callable[..., DatasetProfile], group: int, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the texts change one end of the template, others so much that few are near."""
    monkeypatch.setattr(large_groups, "MOST", tries)
    chance = random.Random(group)
    template = [f"t{a}{b}" for a in "abcd" for b in "abcdefghij"]
    names = [f"x{a}{b}{c}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]

    def made(own: str) -> list[tuple[str, str]]:
        rows = [(" ".join([*template, f"{own}{chance.choice(names)}"]), "ab"[n % 2]) for n in range(group // 2)]
        for n in range(group // 2):
            start = chance.randrange(30)
            words = [*template[:start], *chance.sample(names, 3), *template[start + 6 + n % 3 :]]
            rows.append((" ".join(words), "ab"[n % 2]))
        rows += [(" ".join(chance.sample(names, 12)), "ab"[n % 2]) for n in range(group)]
        chance.shuffle(rows)
        return list(dict(rows).items())

    train, test = made("tr"), made("te")
    findings = {finding.kind: finding for finding in check(profile(train, test))}
    near = findings["test_rows_nearly_in_training"]
    texts, own = [text for text, _ in [*train, *test]], len(train)
    expected = [row for row in range(own, len(texts)) if any(is_near(texts[row], text) for text in texts[:own])]
    assert near.rows.tolist() == expected
    assert near.others is not None
    assert near.others.max() < own
    assert all(is_near(texts[a], texts[b]) for a, b in zip(near.rows.tolist(), near.others.tolist(), strict=True))
    pairs = [*all_with_all(texts[:own]), *((a + own, b + own) for a, b in all_with_all(texts[own:]))]
    assert findings["near_duplicates"].rows.tolist() == sorted({row for pair in pairs for row in pair})
