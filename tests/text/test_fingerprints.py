"""Texts → fingerprints equal to those computed here from their words, whatever their case and blanks."""

from __future__ import annotations

import random
import unicodedata
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.text import corpus
from unrolled.text.corpus import split
from unrolled.text.fingerprints import TextFingerprints, fingerprints_of
from unrolled.text.text_config import TextConfig
from unrolled.text.tokens import words

READINGS = [TextConfig(), TextConfig(lowercase=False), TextConfig(tokens="space")]
texts = st.lists(st.text(st.sampled_from("abT .,'-3é\n\tΣß"), max_size=12), max_size=8)
plain = st.text(st.sampled_from("abcTHEus .,:;'’-/&@3()é"), max_size=20)


def of(*given_texts: str, reading: TextConfig | None = None, words_read: int | None = None) -> list[int]:
    return [int(one) for one in fingerprints_of(split(given_texts, reading or TextConfig()), words_read)]


@given(texts, st.sampled_from(READINGS), st.sampled_from([None, 1, 3]), st.sampled_from([1, 10**6]))
def test_it_is_the_hash_of_the_letters(listed: list[str], reading: TextConfig, most: int | None, block: int) -> None:
    own = [words(text, tokens=reading.tokens, lowercase=reading.lowercase)[:most] for text in listed]
    letters = [
        "".join(c for c in unicodedata.normalize("NFKD", "".join(some).casefold()) if c.isalnum()) for some in own
    ]
    joined = [text or "".join(f" {word}" for word in some) for text, some in zip(letters, own, strict=True)]
    expected = [int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") for text in joined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "WORDS", block)
        assert of(*listed, reading=reading, words_read=most) == expected


@given(plain, st.sampled_from(READINGS), st.randoms(use_true_random=False))
def test_case_and_blanks_hide_nothing(text: str, reading: TextConfig, chance: random.Random) -> None:
    changed = "".join(chance.choice([c.upper(), c.lower()]) for c in text)
    spaced = "  \n" + changed.replace(" ", chance.choice(["  ", "\t", " \u00a0"])) + " "
    if any(map(str.isalnum, text)):
        assert len(set(of(text, changed, spaced, reading=reading))) == 1


@each("reading", READINGS)
@each(
    "changed",
    [
        *("MR.SMITH'S CAFÉ AT WWW.SITE.CO.UK, DR. ILIK", "Mr.Smith's Café at Www.Site.Co.Uk, Dr. Ilik"),
        *("\ufeffmr.smith's café at www.site.co.uk, dr. ilik", "mr.smith's café at www.site.co.uk, dr. ilik\u200b"),
        *("mr.smith\u2019s café at www.site.co.uk, dr. ilik", "mr.smith's cafe\u0301 at www.site.co.uk, dr. ilik"),
        *("mr.smi\u00adth's café at www.site.co.uk, dr. ilik", "mr.smith's café at www.site.co.uk, dr. ılık"),
        *("ｍｒ.ｓｍｉｔｈ's café at www.site.co.uk, dr. ilik", "mr.smith's café at www.site.co.uk, dr. İLİK"),
    ],
)
def test_what_nobody_means_hides_nothing(changed: str, reading: TextConfig) -> None:
    first, second = of("mr.smith's café at www.site.co.uk, dr. ilik", changed, reading=reading)
    assert first == second


def test_other_texts_have_others() -> None:
    listed = ["", "a", "b", "a b", "b a", "a b a", "1 12", "1 1 3", "é", "!", "?!", ":-)", "…"]
    assert len(set(of(*listed))) == len(listed)
    many = of(*(f"text number{n}" for n in range(20_000)))
    assert len(set(many)) == 20_000


def test_what_a_model_never_reads_tells_no_texts_apart() -> None:
    one, two, other = of("a fine film I saw", "a fine film", "a dull film", words_read=3)
    assert one == two != other


def test_they_are_kept_sorted_and_once_with_those_of_the_base_model() -> None:
    def array(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        return np.array(values, np.uint64)

    base = TextFingerprints.of(array(5, 2**64 - 1, 5), array(7, 5, 3))
    assert (base.train.tolist(), base.selection.tolist()) == ([5, 2**64 - 1], [3, 7])
    more = TextFingerprints.of(array(3, 1), array(9, 2**64 - 1), base)
    assert (more.train.tolist(), more.selection.tolist()) == ([1, 3, 5, 2**64 - 1], [7, 9])
    asked = array(0, 1, 7, 8, 9, 2**64 - 1)
    assert more.in_training(asked).tolist() == [False, True, False, False, False, True]
    assert more.in_selection(asked).tolist() == [False, False, True, False, True, False]
    assert more.known(asked).tolist() == [False, True, True, False, True, True]
    assert not TextFingerprints.of(array(), array()).known(asked).any()
