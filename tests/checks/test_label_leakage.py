"""Words and labels → words that give a label away; bounds as scipy's, counts as those of plain dictionaries."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from itertools import chain

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.checks.conftest import Pair
from tests.each import each
from unrolled.checks.label_leakage import FEWEST, check, count, predictive_words, wilson_lower
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.text import corpus as corpus_file
from unrolled.text.tokens import words


@each("of", [1, 10, 57, 4000])
@each("level", [0.05, 1e-3, 1e-7])
def test_the_bound_is_scipy_s(of: int, level: float) -> None:
    hits = np.unique(np.linspace(0, of, 7).astype(int))
    expected = [binomtest(k, of).proportion_ci(1 - 2 * level, method="wilson").low for k in hits.tolist()]
    np.testing.assert_allclose(
        wilson_lower(hits.astype("f8"), np.full(len(hits), float(of)), level), expected, atol=1e-9
    )


@pytest.mark.parametrize("block", [7, 1 << 20])
def test_texts_are_counted_by_word_and_label(
    profile: Callable[..., DatasetProfile],
    clean: Callable[..., list[Pair]],
    block: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(corpus_file, "WORDS", block)
    rows = [(f"{text} {text} No {n} of {n % 3}", label) for n, (text, label) in enumerate(clean(50))]
    seen = profile(rows)
    counts = count(seen.corpus, seen.classes, 2)
    expected: Counter[tuple[str, str]] = Counter()
    formatted = [words(text) for text, _ in rows]
    frequent = {
        word for word, times in Counter(chain(*formatted)).items() if times >= FEWEST and re.search(r"\d", word)
    }
    assert frequent, "else the words for themselves aren't looked at"
    for found, (_, label) in zip(formatted, rows, strict=True):
        expected.update({(re.sub(r"\d+", "<number>", word), label) for word in found})
        expected.update({(word, label) for word in frequent.intersection(found)})
    named = zip(counts.word.tolist(), counts.label.tolist(), counts.texts.tolist(), strict=True)
    assert {(counts.words[word], seen.labels[label]): texts for word, label, texts in named} == expected


@each(
    ("prefix", "expected"),
    [("[spam]", {"[", "spam", "]"}), ("TKT-{number}", {"tkt-<number>"}), ("via", {"via"})],
)
@each("share", [1.0, 0.7])
@each("label", ["yes", "no"])
def test_a_planted_word_is_found_with_exactly_its_rows(
    profile: Callable[..., DatasetProfile],
    clean: Callable[..., list[Pair]],
    prefix: str,
    expected: set[str],
    share: float,
    label: str,
) -> None:
    chance, planted = random.Random(3), list[int]()
    rows = clean(300)
    for row, (text, own) in enumerate(rows):
        if own == label and chance.random() < share:
            rows[row] = (f"{prefix.format(number=chance.randrange(10**6))} {text}", own)
            planted.append(row)
    seen = profile(rows, clean(50, seed=1))
    found = predictive_words(seen)
    assert {leak.word for leak in found} == expected
    for leak in found:
        right = len(planted) + max(150 - len(planted), 150)
        assert (leak.label, leak.texts, leak.precision) == (label, len(planted), 1.0)
        assert leak.recall == pytest.approx(len(planted) / 150)
        assert leak.accuracy == pytest.approx(right / 300)
        assert leak.accuracy_without == 0.5
    (finding,) = check(seen)
    assert finding.rows.tolist() == planted
    assert len(finding.details) == 1, "words that are worth the same stand in one line"


def test_a_word_in_part_of_a_class_is_found_where_it_is_sure(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]
) -> None:
    rows = clean(3000)
    rows = [(f"{text} reuters" if n % 4 == 0 else text, label) for n, (text, label) in enumerate(rows)]
    assert {leak.word for leak in predictive_words(profile(rows))} == {"reuters"}  # in half of the texts of one label


def test_a_word_that_tells_the_label_as_words_do_is_none(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]
) -> None:
    """In two texts of five of its label, and in one of eighty of the other: as "who" among the questions of trec."""
    rows = clean(5000)
    rows = [
        (f"who {text}" if n % 5 in (0, 2) and (n % 2 or n % 64 == 0) else text, own)
        for n, (text, own) in enumerate(rows)
    ]
    texts = [label for text, label in rows if text.startswith("who ")]
    assert 0.95 < texts.count("yes") / len(texts) < 0.98
    assert texts.count("yes") == 1000
    assert predictive_words(profile(rows)) == []


def test_what_few_questions_say_of_who_is_noted_and_no_leak(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]
) -> None:
    """As in 500 questions of trec: in 47 of the 65 that ask for a person, and in no other."""
    rows = [
        (f"who {text}" if n < 47 else text, "HUM" if n < 65 else "ABCDE"[n % 5])
        for n, (text, _) in enumerate(clean(500))
    ]
    (finding,) = check(profile(rows))
    assert (finding.kind, finding.severity, finding.rows.tolist()) == ("telling_words", "note", [*range(47)])


@pytest.mark.parametrize("prefix", ["[spam]", "TKT-{}"])
@pytest.mark.parametrize("count", [200, 1000])
def test_a_prefix_of_three_texts_in_five_is_a_leak_from_200_rows_on(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]], prefix: str, count: int
) -> None:
    rows = [
        (f"{prefix.format(n)} {text}" if label == "yes" and n // 2 % 5 < 3 else text, label)
        for n, (text, label) in enumerate(clean(count))
    ]
    (finding,) = check(profile(rows))
    assert (finding.kind, finding.severity, len(finding.rows)) == ("one_word_leaks", "warning", 0.3 * count)


@pytest.mark.parametrize("labels", ["ab", "abc", "abcdef"])
def test_a_word_that_is_missing_in_one_label_alone_is_found(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]], labels: str
) -> None:
    rows = [
        (text if n % len(labels) == 0 else f"{text} always", labels[n % len(labels)])
        for n, (text, _) in enumerate(clean(600))
    ]
    (finding,) = check(profile(rows))
    assert (finding.kind, finding.severity, finding.count) == ("one_word_leaks", "warning", 1)
    two = len(labels) == 2  # there "always" itself says the other
    told = "'always' → 'b'" if two else "no 'always' → 'a'"
    assert finding.details[0].startswith(f"{told}: in 100.0 % of its texts, and right in 100.0 %")
    assert finding.rows.tolist() == [n for n in range(600) if (n % len(labels) == 0) != two]


def test_what_is_missing_in_most_of_the_frequent_label_and_in_some_of_the_other_is_no_leak(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]
) -> None:
    """As numbers in messages: in one of ten of those that are no spam, and in nine of ten of spam."""
    rows = [
        (f"{text} 12" if (n // 7 % 10 == 0) == (n % 7 > 0) else text, "spam" if n % 7 == 0 else "ham")
        for n, (text, _) in enumerate(clean(1400))
    ]
    assert predictive_words(profile(rows)) == []


@pytest.mark.parametrize("word", ["source{}", "stars {}", "v{}.0"])
def test_a_word_that_tells_by_its_digits_is_found(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]], word: str
) -> None:
    rows = [(f"{text} {word.format(5 if label == 'yes' else 1)}", label) for text, label in clean(400)]
    (finding,) = check(profile(rows))
    assert (finding.kind, finding.count, finding.rows.tolist()) == ("one_word_leaks", 2, [*range(400)])
    told = [line.partition(" ")[0].strip("',") for line in finding.details]
    assert told == [words(word.format(digit))[-1] for digit in (1, 5)]


def test_numbers_of_many_kinds_leak_nothing_by_chance(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]
) -> None:
    for seed in range(5):
        chance = random.Random(seed)
        rows = [
            (f"{text} {chance.randrange(10)} id{n} {chance.randrange(100)} {chance.choice(['a1', 'b22'])}", label)
            for n, (text, label) in enumerate(clean(400, seed))
        ]
        assert predictive_words(profile(rows)) == []


def test_numbers_that_occur_once_take_no_place_of_their_own(profile: Callable[..., DatasetProfile]) -> None:
    seen = profile([(f"ticket id{n}", "ab"[n % 2]) for n in range(1000)])
    assert count(seen.corpus, seen.classes, 2).words == (seen.corpus.words[0], "ticket", "id<number>")


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_chance_alone_leaks_nothing(profile: Callable[..., DatasetProfile], share: float) -> None:
    """Of 2,000 frequent and rare words some are always nearly pure by chance, more so where a label is frequent."""
    for seed in range(5):
        chance = random.Random(seed)
        known = [f"w{a}{b}" for a in "abcdefghijklmnopqrst" for b in range(100)]
        weights = [1 / rank for rank in range(1, len(known) + 1)]
        texts = [" ".join(chance.choices(known, weights, k=30)) for _ in range(200)]
        rows = [(text, "a" if chance.random() < share else "b") for text in texts]
        assert predictive_words(profile([*rows, ("", "a"), ("", "b")])) == []


@pytest.mark.parametrize("rows", [[], [("x", "a")] * 30])
def test_where_there_is_nothing_to_tell_apart_nothing_leaks(
    profile: Callable[..., DatasetProfile], rows: list[Pair]
) -> None:
    assert predictive_words(profile(rows)) == []
