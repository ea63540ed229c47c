"""The n-grams, against the slide's lists, and their rows, against FNV-1a written once more."""

from __future__ import annotations

from collections.abc import Callable

SETS = {
    "unigrams": "{Bob, likes, Alice, very, much}",
    "bigrams": "{Bob likes, likes Alice, Alice very, very much}",
    "trigrams": "{Bob likes Alice, likes Alice very, Alice very much}",
    "4-grams": "{Bob likes Alice very, likes Alice very much}",
}


def fnv1a(text: str) -> int:
    state = 0x811C9DC5
    for byte in text.encode():
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    return state


def test_the_sets_are_the_slide_s(told: Callable[[str], list[str]]) -> None:
    lines = told("ngrams")
    for name, members in SETS.items():
        assert any(line.split() == [name, *members.split()] for line in lines)


def test_every_longer_n_gram_has_its_hash_and_its_row(told: Callable[[str], list[str]]) -> None:
    assert fnv1a("foobar") == 0xBF9CF968  # published by its authors
    lines = [line.split() for line in told("ngrams")]
    for name in ("bigrams", "trigrams", "4-grams"):
        for gram in SETS[name].strip("{}").split(", "):
            assert [*gram.split(), str(fnv1a(gram)), str(fnv1a(gram) % 100_000)] in lines


def test_global_order_follows_and_exchanged_names_are_told_apart(told: Callable[[str], list[str]]) -> None:
    lines = told("ngrams")
    assert "  Bob → likes → Alice → very → much" in lines
    assert [line.split()[:4] for line in lines if line.endswith("in common")] == [
        ["5", "of", "5", "unigrams"],
        ["1", "of", "4", "bigrams"],
        ["0", "of", "3", "trigrams"],
        ["0", "of", "2", "4-grams"],
    ]
