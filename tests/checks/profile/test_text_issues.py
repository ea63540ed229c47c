"""Texts → what is strange in them, against texts garbled on purpose and texts that only look so."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.checks.profile.text_issues import (
    CONTROL,
    EMPTY,
    FEW_LETTERS,
    HTML,
    KINDS,
    MOJIBAKE,
    REPLACED,
    text_issues,
)


@each("encoding", ["cp1252", "latin-1"])
@each(
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
        "愛",
        "שלום עולם",
        "مرحبا بالعالم",
        "यह फिल्म अच्छी है",
        "ภาพยนตร์เรื่องนี้ดี",
        "이 영화는 좋다",
        "这部电影很好",
        "この映画はとても良い",
        "ქართული ენა",
        "Հայերեն լեզու",
        "Tiếng Việt rất đẹp",
        "Österreich",
        "voilà tout",
    ],
)
def test_utf_8_read_as_windows_latin_is_found_and_the_text_itself_is_not(text: str, encoding: str) -> None:
    assert not text_issues(text) & MOJIBAKE
    garbled = "".join(chr(b) if b in b"\x81\x8d\x8f\x90\x9d" else bytes([b]).decode(encoding) for b in text.encode())
    assert garbled != text
    assert text_issues(f"a text with {garbled} in it") & MOJIBAKE


@each(
    "text",
    [
        *("SÃO PAULO", "château", "Ångström", "À la carte", "âge", "« Ça va ? »", "São João", "ÂME", "Ñandú", "Î"),
        "« Un café\u00a0», dit-elle, «\u00a0voilà\u00a0»… C’est l’été\u202f!",
        "Il a crié «\u00a0À l’aide\u00a0!\u00a0» — déjà—«\u00a0assez\u00a0»",
        "„Fuß“, »Spaß«, »Größe«, ‚ß‘ – und “Straße”…",
        "“AMANHÔ, disse a irmã—“é”… «AMANHû e «É» – “AVÓ”…",
        "Tôi yêu tiếng Việt – “đẹp quá”… «Ừ», “Ô”, ‘Ý’, «à», “ờ”",
        "5 × 3, 4×“x”, Ø 12 mm, «Ø», “Ù”, 30 °C ±2 µm²",
    ],
)
def test_letters_that_garbled_texts_have_too_are_no_sign(text: str) -> None:
    assert text_issues(text) & ~FEW_LETTERS == 0


@each("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9d"])
def test_control_characters_are_found(sign: str) -> None:
    assert text_issues(f"one {sign} two") == CONTROL


@pytest.mark.parametrize(
    "text", ["one\ttwo\nthree\r\nfour", "page\x0cbreak", "a zero\u200bwidth space", "soft\u00adhyphen"]
)
def test_what_parts_lines_and_words_is_no_control_character(text: str) -> None:
    assert text_issues(text) == 0


@each(
    "text",
    ["fish &amp; chips", "&#39;quoted&#39;", "&#x27;", "one<br />two", "<p>one", "a <a href='x'>link</a>", "&lt;b"],
)
def test_markup_is_found(text: str) -> None:
    assert text_issues(f"some words before {text} and behind") == HTML


@each("text", ["AT&T; and others", "R&D", "if a < b and c > d", "I <3 you", "a &unknown; word", "x<y"])
def test_what_only_looks_like_markup_is_none(text: str) -> None:
    assert not text_issues(f"some words before {text} and behind") & HTML


@each("text", ["", " ", "\n\t", "\u200b", "\u2060\ufeff", "\u3000"])
def test_a_text_that_shows_nothing_is_empty(text: str) -> None:
    assert text_issues(text) == EMPTY


@each(
    ("text", "few"),
    [
        *(
            (text, True)
            for text in ("12:30 - 14:00", "?!", "№ 5", "★★★★★", "→ １２３ €", "٣٫١٤ ؟", "……", "«1»", "😀😀")
        ),
        *(
            (text, False)
            for text in ("b2b", "愛", "愛！！", "हिन्दी", "ภาษาไทย", "می\u200cخواهم", "ﬁ", "é5", "e\u0301 1")
        ),
    ],
)
def test_few_letters(text: str, few: bool) -> None:
    assert text_issues(text) == FEW_LETTERS * few


@given(st.text("ab1 .", min_size=1))
def test_few_letters_is_counted_among_what_is_no_space(text: str) -> None:
    inked = [character for character in text if not character.isspace()]
    letters = sum(character.isalpha() for character in inked)
    assert text_issues(text) == (EMPTY if not inked else FEW_LETTERS * (letters < 0.3 * len(inked) - 1e-9))


def test_a_lost_character_is_found() -> None:
    assert text_issues("lost \ufffd here") == REPLACED


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert 0 <= text_issues(text) < 1 << len(KINDS)


def test_a_long_text_takes_linear_time() -> None:
    """What backtracks would not come to an end."""
    chance = random.Random(0)
    for letters in ("<a ", "&a", "â€", "<a<", "&#1"):
        text_issues("".join(chance.choice(letters) for _ in range(200_000)))
        text_issues(letters * 100_000)
