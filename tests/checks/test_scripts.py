"""Texts → the script of most of their letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.checks.profile.script import LATIN, NONE, WITHOUT_SPACES, script, unsplit
from unrolled.text.tokens import words


@each(
    ("text", "expected"),
    [
        ("a fine film", LATIN),
        ("Ærøskøbing über café", LATIN),
        ("ｆｕｌｌ ｗｉｄｔｈ", LATIN),
        ("12 + 3 = 15 !", NONE),
        ("😀 …", NONE),
        ("", NONE),
        ("это хороший фильм", "Cyrillic"),
        ("αυτή η ταινία", "Greek"),
        ("هذا فيلم جيد", "Arabic"),
        ("यह फिल्म अच्छी है", "Devanagari"),
        ("이 영화는 좋다", "Hangul"),
        ("这部电影很好", "Chinese or Japanese"),
        ("この映画はとても良い", "Chinese or Japanese"),
        ("ｶﾀｶﾅ", "Chinese or Japanese"),
        ("ภาพยนตร์เรื่องนี้ดี", "Thai"),
        ("ຮູບເງົາເລື່ອງນີ້ດີ", "Lao"),
        ("ភាពយន្តនេះល្អ", "Khmer"),
        ("ဒီရုပ်ရှင်ကောင်းတယ်", "Myanmar"),
        ("གློག་བརྙན་འདི་ཡག་པོ", "Tibetan"),
        ("the film 电影 is fine", LATIN),
        ("这部 film 电影很好看", "Chinese or Japanese"),
    ],
)
def test_the_script_of_most_letters(text: str, expected: str) -> None:
    assert script(text) == expected


@pytest.mark.parametrize("text", ["这部电影很好", "この映画はとても良い", "ภาพยนตร์เรื่องนี้ดี", "ဒီရုပ်ရှင်ကောင်းတယ်"])
def test_what_is_told_to_have_no_spaces_is_read_as_one_word_and_korean_is_not(text: str) -> None:
    assert script(text) in WITHOUT_SPACES
    assert len(words(text)) == 1
    assert len(words("이 영화는 좋다")) == 3


@each(
    ("text", "expected"),
    [
        ("这个产品很好 very good quality product number 3", "Chinese or Japanese"),
        ("a long and quite English text about the film 电影院的 and what came after it", "Chinese or Japanese"),
        ("a long and quite English text about ดีมาก and what came after it and more", "Thai"),
        ("good 电影", "Chinese or Japanese"),
        ("the film 电影 is fine", NONE),
        ("a long text on 电影 and 电视 and 音乐 that is in English for the rest of its many words", NONE),
        ("а good фильм", NONE),
        ("이 영화는 좋다", NONE),
        ("a fine film", NONE),
        ("", NONE),
        ("ꀀꀁꀂꀃ", "Yi"),
        ("ᦀᦁᦂᦃ", "New Tai Lue"),
        ("ᨠᨡᨢᨣ ᥐᥑᥒᥓ", "Tai Tham, Tai Le or Tai Viet"),
        ("ꦄꦅꦆꦇ", "Javanese"),
        ("ㄅㄆㄇㄈ", "Chinese or Japanese"),
    ],
)
def test_a_part_in_a_script_without_spaces_is_enough(text: str, expected: str) -> None:
    assert unsplit(text) == expected


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    letters = any(character.isalpha() for character in text)
    assert letters or script(text) == NONE
    assert unsplit(text) in {NONE, *WITHOUT_SPACES}
