"""Texts in a script without spaces between words, and files of several scripts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.checks.findings.finding import Finding, serious
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.script import NONE, WITHOUT_SPACES

ORDER = 8  # among findings that are as serious
WARNED = 0.01  # share of texts in another script from which it is worth a word


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find texts whose words no space parts, and files of several scripts."""
    counts = np.bincount(profile.script, minlength=len(profile.scripts))
    texts_of = {name: int(counts[place]) for place, name in enumerate(profile.scripts) if counts[place]}
    rows = np.flatnonzero(profile.unsplit)
    if len(rows):
        of_script = np.bincount(profile.unsplit, minlength=len(WITHOUT_SPACES) + 1)[1:].tolist()
        names = ", ".join(f"{name} {count:,}" for name, count in zip(WITHOUT_SPACES, of_script, strict=True) if count)
        yield Finding(
            kind="unsplit_scripts",
            severity=serious(len(rows) / len(profile), above=WARNED),
            count=len(rows),
            of=len(profile),
            meaning="These texts, or parts, are in a script without spaces between words: a sentence is one word.",
            advice="Split the words with a tool for that language, put spaces between them, and use --tokens space.",
            suggestion="put spaces between the words",
            details=(names,),
            rows=rows,
        )
    yield from _mixed(profile, {name: count for name, count in texts_of.items() if name != NONE})


def _mixed(profile: DatasetProfile, texts_of: dict[str, int]) -> Iterator[Finding]:
    ranked = sorted(texts_of, key=lambda name: (-texts_of[name], name))
    rest = sum(texts_of[name] for name in ranked[1:])
    if rest and rest / len(profile) >= WARNED:
        known = profile.scripts.index(ranked[0]), *(place for place, name in enumerate(profile.scripts) if name == NONE)
        yield Finding(
            kind="several_scripts",
            severity="note",
            count=rest,
            of=len(profile),
            meaning=f"These texts are in other scripts than most, which are in {ranked[0]}.",
            advice="Check that they belong here; a word is known only in the script it was trained in.",
            suggestion="check the language",
            details=(", ".join(f"{name} {texts_of[name]:,}" for name in ranked),),
            rows=np.flatnonzero(~np.isin(profile.script, known)),
        )
