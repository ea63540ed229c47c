"""A long text → its beginning and its end, cut between characters as a reader sees them."""

from __future__ import annotations

import unicodedata

from unrolled.evaluation.table import width
from unrolled.reports.markup import shown

JOINER = "\u200d"


def shortened(text: str, longest: int) -> str:
    """Cut the middle out of what takes more columns than `longest`; a name's end tells it from others.

    A wide East Asian character takes two columns. An emoji of several code points is kept or cut as a whole, and
    what is no character shown as its code first.
    """
    text = shown(text)
    if width(text) <= longest:
        return text
    pieces = _pieces(text)
    beginning, end = _fitting(pieces, longest // 3), _fitting(pieces[::-1], longest - longest // 3 - 1)
    return "".join(beginning) + "…" + "".join(end[::-1])


def _fitting(pieces: list[str], room: int) -> list[str]:
    kept: list[str] = []
    for piece in pieces:
        room -= width(piece)
        if room < 0:
            break
        kept.append(piece)
    return kept


def _pieces(text: str) -> list[str]:
    """Split a text where a reader sees a new character."""
    pieces: list[str] = []
    flags = 0  # how many regional indicators stand before: two make a flag
    for character in text:
        is_flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        if pieces and (_belongs(character) or pieces[-1].endswith(JOINER) or (is_flag and flags % 2)):
            pieces[-1] += character
        else:
            pieces.append(character)
        flags = flags + 1 if is_flag else 0
    return pieces


def _belongs(character: str) -> bool:
    """Say whether a character belongs to the one before: an accent, a joiner, a skin's tone, a flag's tag."""
    tone_or_tag = "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"
    return tone_or_tag or character == JOINER or unicodedata.category(character) in ("Mn", "Me", "Mc")
