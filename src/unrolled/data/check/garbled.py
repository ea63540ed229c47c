"""Texts → what is strange in their characters, as bits, and a finding for each kind; empty texts and bad rows too."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from unrolled.data.check.finding import Finding, Severity

if TYPE_CHECKING:
    from unrolled.data.check.look import Look

KINDS = ("empty_texts", "replacement_characters", "mojibake", "control_characters", "html", "few_letters")
EMPTY, REPLACED, MOJIBAKE, CONTROL, HTML, FEW_LETTERS = (1 << bit for bit in range(len(KINDS)))
FEWEST = 0.3  # share of letters among the characters that are no spaces

_LETTERS = bytes(range(128, 256)) + bytes(range(65, 91)) + bytes(range(97, 123))  # all beyond ASCII counts as one
_SPACES = b" \t\n\r\v\f"
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?: [^<>]*)?/?>|&(?:[a-zA-Z]{2,31}|#\d{1,7}|#[xX][\da-fA-F]{1,6});")
# UTF-8 of a letter, a sign or a quotation mark, taken for Windows' Latin: two to four characters for one.
_FOLLOWING = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MISREAD = re.compile(f"[ÂÃÄÅÎÏÐÑ]{_FOLLOWING}|[âãäåæçèéï]{_FOLLOWING}{{2}}|ð{_FOLLOWING}{{3}}")

_TOLD: dict[str, tuple[Severity, str, str, str]] = {
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
        "Export the data again in UTF-8, or mend them with a tool such as ftfy.",
        "mend the encoding",
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


def flaws(text: str) -> int:
    """Tell what is strange in a text, as bits of `KINDS`."""
    if not any(not c.isspace() and c.isprintable() for c in text):
        return EMPTY
    inked = text.encode(errors="surrogatepass").translate(None, _SPACES)
    found = FEW_LETTERS if len(inked.translate(None, _LETTERS)) > (1 - FEWEST) * len(inked) else 0
    if not text.isprintable() and _CONTROL.search(text):
        found |= CONTROL
    if ("&" in text or "<" in text) and any(html.unescape(m) != m or m[0] == "<" for m in _MARKUP.findall(text)):
        found |= HTML
    if not text.isascii():
        found |= REPLACED * ("\ufffd" in text) | MOJIBAKE * any(map(_is_misread, _MISREAD.findall(text)))
    return found


def _is_misread(found: str) -> bool:
    """Try what was read wrongly: the bytes of the characters must be the UTF-8 of one."""
    try:
        return len(b"".join(map(_byte, found)).decode()) == 1
    except UnicodeError:
        return False


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def garbled(look: Look) -> Iterator[Finding]:
    """Find texts with strange characters, kind by kind."""
    for bit, kind in enumerate(KINDS):
        rows = np.flatnonzero(look.flaws & (1 << bit))
        if len(rows):
            severity, meaning, advice, suggestion = _TOLD[kind]
            yield Finding(
                kind=kind,
                severity=severity,
                count=len(rows),
                of=len(look),
                meaning=meaning,
                advice=advice,
                suggestion=suggestion,
                rows=rows,
            )


def bad_rows(look: Look) -> Iterator[Finding]:
    """Find the rows that can't be read."""
    bad = tuple((file, row) for file, rows in zip(look.files, look.bad_rows, strict=True) for row in rows)
    if bad:
        yield Finding(
            kind="bad_rows",
            severity="error",
            count=len(bad),
            of=len(look) + len(bad),
            meaning="These rows can't be used: `train` and `evaluate` stop at them.",
            advice="Mend them, or pass --skip-bad-rows to go on without.",
            suggestion="mend it",
            bad_rows=bad,
        )
