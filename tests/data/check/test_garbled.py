"""Texts → what is strange in them, against texts garbled on purpose and texts that only look so."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.check.garbled import CONTROL, EMPTY, FEW_LETTERS, HTML, KINDS, MOJIBAKE, REPLACED, flaws


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        "café crème",
        "naïve façade",
        "Ärger über Öl",
        "ДОБРЫЙ день",
        "it’s a “quote” – really…",
        "100 €",
        "愛している",
        "😀",
    ],
)
def test_utf_8_read_as_windows_latin_is_found_and_the_text_itself_is_not(text: str, encoding: str) -> None:
    assert not flaws(text) & MOJIBAKE
    garbled = "".join(chr(b) if b in b"\x81\x8d\x8f\x90\x9d" else bytes([b]).decode(encoding) for b in text.encode())
    assert garbled != text
    assert flaws(f"a text with {garbled} in it") & MOJIBAKE


@pytest.mark.parametrize(
    "text", ["SÃO PAULO", "château", "Ångström", "À la carte", "âge", "« Ça va ? »", "São João", "ÂME", "Ñandú", "Î"]
)
def test_letters_that_garbled_texts_have_too_are_no_sign(text: str) -> None:
    assert flaws(text) == 0


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9d"])
def test_control_characters_are_found(sign: str) -> None:
    assert flaws(f"one {sign} two") == CONTROL


@pytest.mark.parametrize(
    "text", ["one\ttwo\nthree\r\nfour", "page\x0cbreak", "a zero\u200bwidth space", "soft\u00adhyphen"]
)
def test_what_parts_lines_and_words_is_no_control_character(text: str) -> None:
    assert flaws(text) == 0


@pytest.mark.parametrize(
    "text",
    ["fish &amp; chips", "&#39;quoted&#39;", "&#x27;", "one<br />two", "<p>one", "a <a href='x'>link</a>", "&lt;b"],
)
def test_markup_is_found(text: str) -> None:
    assert flaws(f"some words before {text} and behind") == HTML


@pytest.mark.parametrize(
    "text", ["AT&T; and others", "R&D", "if a < b and c > d", "I <3 you", "a &unknown; word", "x<y"]
)
def test_what_only_looks_like_markup_is_none(text: str) -> None:
    assert not flaws(f"some words before {text} and behind") & HTML


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b", "\u2060\ufeff", "\u3000"])
def test_a_text_that_shows_nothing_is_empty(text: str) -> None:
    assert flaws(text) == EMPTY


@pytest.mark.parametrize(
    ("text", "few"),
    [("12:30 - 14:00", True), ("?!", True), ("№ 5", False), ("b2b", False), ("愛", False), ("😀😀", False)],
)
def test_few_letters(text: str, few: bool) -> None:
    assert flaws(text) == FEW_LETTERS * few


@given(st.text("ab1 .", min_size=1))
def test_few_letters_is_counted_among_what_is_no_space(text: str) -> None:
    inked = [character for character in text if not character.isspace()]
    letters = sum(character.isalpha() for character in inked)
    assert flaws(text) == (EMPTY if not inked else FEW_LETTERS * (letters < 0.3 * len(inked) - 1e-9))


def test_a_lost_character_is_found() -> None:
    assert flaws("lost \ufffd here") == REPLACED


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert 0 <= flaws(text) < 1 << len(KINDS)


def test_a_long_text_takes_linear_time() -> None:
    """What backtracks would not come to an end."""
    chance = random.Random(0)
    for letters in ("<a ", "&a", "â€", "<a<", "&#1"):
        flaws("".join(chance.choice(letters) for _ in range(200_000)))
        flaws(letters * 100_000)
