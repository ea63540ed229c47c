"""Texts that are empty, garbled by a wrong encoding, full of markup, or hold hardly a letter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.checks.findings.finding import Finding, Severity
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.text_issues import FEWEST, KINDS

ORDER = 7  # among findings that are as serious
_TEXTS: dict[str, tuple[Severity, str, str, str]] = {
    "empty_texts": (
        "warning",
        "These texts are empty or invisible, so all a model can learn from them is how often their label occurs.",
        "Remove them, or check --text-column.",
        "remove it",
    ),
    "replacement_characters": (
        "warning",
        "These texts hold the sign U+FFFD, which stands where a character was lost in an earlier conversion.",
        "Export the data again in UTF-8; what was lost is not in this file any more.",
        "export it again",
    ),
    "mojibake": (
        "warning",
        'These texts were written in UTF-8 and read in another encoding once, such as "Ã©" for "é".',
        "Export the data again in UTF-8, or fix them with a tool such as ftfy.",
        "fix the encoding",
    ),
    "control_characters": (
        "warning",
        "These texts hold control characters, which nobody sees and a model reads as words.",
        "Remove them.",
        "remove the control characters",
    ),
    "html": (
        "note",
        "These texts hold tags or entities of HTML, which are read as words.",
        "Remove them, unless what you will predict has them too.",
        "remove the markup",
    ),
    "few_letters": (
        "note",
        f"Less than {100 * FEWEST:.0f} % of the characters of these texts are letters.",
        "Check that they are texts, not numbers, codes or tables.",
        "check that it is a text",
    ),
}


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find texts with strange characters, kind by kind."""
    for bit, kind in enumerate(KINDS):
        rows = np.flatnonzero(profile.text_issues & (1 << bit))
        if len(rows):
            severity, meaning, advice, suggestion = _TEXTS[kind]
            yield Finding(
                kind=kind,
                severity=severity,
                count=len(rows),
                of=len(profile),
                meaning=meaning,
                advice=advice,
                suggestion=suggestion,
                rows=rows,
            )
