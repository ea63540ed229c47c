"""Texts → the script that most of their letters belong to, and findings on those that words can't be split in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from unrolled.data.check.finding import Finding, serious

if TYPE_CHECKING:
    from unrolled.data.check.look import Look

NONE = "none"
LATIN = "Latin"
# They put no spaces between words. Korean does, and is read well.
WITHOUT_SPACES = ("Chinese or Japanese", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan")
_OTHER_NAMES = dict.fromkeys(("Cjk", "Hiragana", "Katakana", "Halfwidth", "Ideographic"), WITHOUT_SPACES[0])
WARNED = 0.01  # share of texts in another script from which it is worth a word


def script(text: str) -> str:
    """Name the script of most of a text's letters, as Unicode names these; `none` without letters."""
    if text.isascii():
        return NONE if text.upper() == text.lower() else LATIN
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        counts[_script(character)] += times
    del counts[NONE]
    return min(counts, key=lambda name: (-counts[name], name)) if counts else NONE


@lru_cache(1 << 16)
def _script(character: str) -> str:
    """Take the first word of a letter's name: `CYRILLIC SMALL LETTER YA`, `CJK UNIFIED IDEOGRAPH-4E2D`."""
    if not character.isalpha():
        return NONE
    name = unicodedata.name(character, NONE).split()[0].split("-")[0].capitalize()
    return LATIN if name == "Fullwidth" else _OTHER_NAMES.get(name, name)


def scripts(look: Look) -> Iterator[Finding]:
    """Find texts whose words no space parts, and files of several scripts."""
    counts = np.bincount(look.script, minlength=len(look.scripts))
    told = {name: int(counts[place]) for place, name in enumerate(look.scripts) if counts[place]}
    unsplit = [place for place, name in enumerate(look.scripts) if name in WITHOUT_SPACES]
    rows = np.flatnonzero(np.isin(look.script, unsplit))
    if len(rows):
        names = ", ".join(f"{name} {told[name]:,}" for name in WITHOUT_SPACES if name in told)
        yield Finding(
            kind="unsplit_scripts",
            severity=serious(len(rows) / len(look), above=WARNED),
            count=len(rows),
            of=len(look),
            meaning="These texts are in a script that puts no spaces between words, so a sentence is read as one word.",
            advice="Split the words with a tool for that language, put spaces between them, and use --tokens space.",
            suggestion="put spaces between the words",
            details=(names,),
            rows=rows,
        )
    yield from _mixed(look, {name: count for name, count in told.items() if name != NONE})


def _mixed(look: Look, told: dict[str, int]) -> Iterator[Finding]:
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
