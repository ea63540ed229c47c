"""A text → the script of most of its letters, and whether it has words that no spaces separate."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

NONE = "none"
LATIN = "Latin"
# They put no spaces between words. Korean does, and is read well.
WITHOUT_SPACES = (
    *("Chinese or Japanese", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan", "Yi", "Javanese", "Balinese", "Batak"),
    *("Tai Tham, Tai Le or Tai Viet", "New Tai Lue", "Ahom", "Nushu", "Tangut", "Khitan"),
)
_OTHER_NAMES = {
    **dict.fromkeys(("Cjk", "Hiragana", "Katakana", "Halfwidth", "Ideographic", "Bopomofo"), WITHOUT_SPACES[0]),
    "Tai": "Tai Tham, Tai Le or Tai Viet",
    "New": "New Tai Lue",
}
SHARE, RUN = 0.2, 4  # of letters, and letters in a row, from which a text isn't read well


def script(text: str) -> str:
    """Name the script of most of a text's letters, as Unicode names these; `none` without letters."""
    if text.isascii():
        return NONE if text.upper() == text.lower() else LATIN
    return _most(_counts(text))


def unsplit(text: str) -> str:
    """Name the script without spaces that a fifth of a text's letters is in, or four in a row; `none` without."""
    if text.isascii():
        return NONE
    counts = _counts(text)
    counts_of_unspaced = Counter({name: counts[name] for name in WITHOUT_SPACES if name in counts})
    if counts_of_unspaced and (counts_of_unspaced.total() >= SHARE * counts.total() or _has_run(text)):
        return _most(counts_of_unspaced)
    return NONE


def _counts(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        counts[_script(character)] += times
    del counts[NONE]
    return counts


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda name: (-counts[name], name)) if counts else NONE


def _has_run(text: str) -> bool:
    run = 0
    for character in text:
        if _script(character) in WITHOUT_SPACES:
            run += 1
            if run == RUN:
                return True
        elif not unicodedata.category(character).startswith("M"):  # a vowel's sign parts no word
            run = 0
    return False


@lru_cache(1 << 16)
def _script(character: str) -> str:
    """Take the first word of a letter's name: `CYRILLIC SMALL LETTER YA`, `CJK UNIFIED IDEOGRAPH-4E2D`."""
    if not character.isalpha():
        return NONE
    name = unicodedata.name(character, NONE).split()[0].split("-")[0].capitalize()
    return LATIN if name == "Fullwidth" else _OTHER_NAMES.get(name, name)
