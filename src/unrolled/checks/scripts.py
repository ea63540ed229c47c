"""Texts → the script that most of their letters belong to, and findings on those that words can't be split in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from unrolled.checks.finding import Finding, serious

if TYPE_CHECKING:
    from unrolled.checks.profile import DatasetProfile

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
WARNED = 0.01  # share of texts in another script from which it is worth a word


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
    parted = Counter({name: counts[name] for name in WITHOUT_SPACES if name in counts})
    if parted and (parted.total() >= SHARE * counts.total() or _has_run(text)):
        return _most(parted)
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


def scripts(look: DatasetProfile) -> Iterator[Finding]:
    """Find texts whose words no space parts, and files of several scripts."""
    counts = np.bincount(look.script, minlength=len(look.scripts))
    told = {name: int(counts[place]) for place, name in enumerate(look.scripts) if counts[place]}
    rows = np.flatnonzero(look.unsplit)
    if len(rows):
        of_script = np.bincount(look.unsplit, minlength=len(WITHOUT_SPACES) + 1)[1:].tolist()
        names = ", ".join(f"{name} {count:,}" for name, count in zip(WITHOUT_SPACES, of_script, strict=True) if count)
        yield Finding(
            kind="unsplit_scripts",
            severity=serious(len(rows) / len(look), above=WARNED),
            count=len(rows),
            of=len(look),
            meaning="These texts, or parts, are in a script without spaces between words: a sentence is one word.",
            advice="Split the words with a tool for that language, put spaces between them, and use --tokens space.",
            suggestion="put spaces between the words",
            details=(names,),
            rows=rows,
        )
    yield from _mixed(look, {name: count for name, count in told.items() if name != NONE})


def _mixed(look: DatasetProfile, told: dict[str, int]) -> Iterator[Finding]:
    ranked = sorted(told, key=lambda name: (-told[name], name))
    rest = sum(told[name] for name in ranked[1:])
    if rest and rest / len(look) >= WARNED:
        known = look.scripts.index(ranked[0]), *(place for place, name in enumerate(look.scripts) if name == NONE)
        yield Finding(
            kind="several_scripts",
            severity="note",
            count=rest,
            of=len(look),
            meaning=f"These texts are in other scripts than most, which are in {ranked[0]}.",
            advice="Check that they belong here; a word is known only in the script it was trained in.",
            suggestion="check the language",
            details=(", ".join(f"{name} {told[name]:,}" for name in ranked),),
            rows=np.flatnonzero(~np.isin(look.script, known)),
        )
