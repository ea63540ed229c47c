"""Texts → what is strange in their characters, as bits, and a finding for each kind; empty texts and bad rows too."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from string import ascii_letters, whitespace

KINDS = ("empty_texts", "replacement_characters", "mojibake", "control_characters", "html", "few_letters")
EMPTY, REPLACED, MOJIBAKE, CONTROL, HTML, FEW_LETTERS = (1 << bit for bit in range(len(KINDS)))
FEWEST = 0.3  # share of letters among the characters that are no spaces

_LETTERS, _SPACES = (ascii_letters.encode(), whitespace.encode())
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?: [^<>]*)?/?>|&(?:[a-zA-Z]{2,31}|#\d{1,7}|#[xX][\da-fA-F]{1,6});")
# UTF-8 taken for Windows' Latin or Latin-1: two to four characters for one. Two such in a row nobody writes; one alone
# is a sign, unless it may be a letter before a quotation mark or a space: "AMANHÃ”", "café »", "Fuß«".
_FOLLOWING = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_ENDS = "\xa0«»‘’“”‚„‹›…–—•·"
_PLAIN = "".join(c for c in map(chr, range(0x80, 0xC0)) if c not in _ENDS) + "€ƒ†‡ˆ‰ŠŒŽ˜™šœžŸ"
_SURE = frozenset(_PLAIN)
_MISREAD = re.compile(
    f"(?:[Â-ß][{_FOLLOWING}]|[à-ï][{_FOLLOWING}]{{2}}|[ð-ô][{_FOLLOWING}]{{3}}){{2,}}"
    f"|Â[{_FOLLOWING}]|Ã\xa0|[ÃÄÅÎÏÐÑ](?:[{_PLAIN}]|[{_FOLLOWING}](?=[^\\W\\d_]))"
    f"|â[{_PLAIN}‚„][{_FOLLOWING}]|[ãäåæçèéï](?:[{_PLAIN}„][{_PLAIN}›])|ð[{_FOLLOWING}]{{3}}"
)


def text_issues(text: str) -> int:
    """Return what is odd in a text, as bits of `KINDS`."""
    if not any(not c.isspace() and c.isprintable() for c in text):
        return EMPTY
    letters, inked = _letters_and_ink(text)
    found = FEW_LETTERS if letters < FEWEST * inked else 0
    if not text.isprintable() and _CONTROL.search(text):
        found |= CONTROL
    if ("&" in text or "<" in text) and any(html.unescape(m) != m or m[0] == "<" for m in _MARKUP.findall(text)):
        found |= HTML
    if not text.isascii():
        found |= REPLACED * ("\ufffd" in text) | MOJIBAKE * any(map(_is_misread, _MISREAD.findall(text)))
    return found


def _letters_and_ink(text: str) -> tuple[int, int]:
    """Count letters, with the marks upon them, and all characters but spaces and what nobody sees."""
    if text.isascii():
        inked = text.encode().translate(None, _SPACES)
        return len(inked) - len(inked.translate(None, _LETTERS)), len(inked)
    times = Counter[str]()
    for character, count in Counter(text).items():
        times[_sort(character)] += count
    return times["letter"], times["letter"] + times["ink"]


@lru_cache(1 << 16)
def _sort(character: str) -> str:
    if character.isalpha() or unicodedata.category(character).startswith("M"):
        return "letter"
    return "unseen" if character.isspace() or unicodedata.category(character) == "Cf" else "ink"


def _is_misread(found: str) -> bool:
    """Try what was read wrongly: its bytes must be UTF-8, and of several not all quotation marks."""
    try:
        return len(b"".join(map(_byte, found)).decode()) == 1 or not _SURE.isdisjoint(found)
    except UnicodeError:
        return False


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
