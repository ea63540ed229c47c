"""Long texts → their beginnings and ends, or what tells them apart, cut between characters as a reader sees them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence, Set

from unrolled.formatting.control_characters import escape_forbidden

JOINER = "\u200d"

_Word = tuple[str, str]  # the option that a word belongs to, or the first word, and the word


def truncate(text: str, longest: int) -> str:
    """Cut the middle out of what takes more columns than `longest`; a name's end tells it from others.

    A wide East Asian character takes two columns. An emoji of several code points is kept or cut as a whole, and
    what is no character shown as its code first.
    """
    text = escape_forbidden(text)
    if width(text) <= longest:
        return text
    pieces = _pieces(text)
    beginning, end = _fitting(pieces, longest // 3), _fitting(pieces[::-1], longest - longest // 3 - 1)
    return "".join(beginning) + "…" + "".join(end[::-1])


def truncate_distinct(texts: Sequence[str], longest: int) -> list[str]:
    """Shorten each text; those that would look alike keep the words in which they differ, or else are numbered."""
    cut = {text: truncate(text, longest) for text in texts}
    words = {text: _words(text) for text in _alike(cut)}
    common = set[_Word]().union(*words.values()).intersection(*words.values())
    cut |= {text: truncate(_without(common, words[text]), longest) for text in words}
    for n, text in enumerate(_alike(cut), start=1):
        cut[text] = f"{n} {truncate(text, longest - len(f'{n} '))}"
    return [cut[text] for text in texts]


def _alike(cut: Mapping[str, str]) -> list[str]:
    """Name the texts whose short form another has too."""
    many = Counter(cut.values())
    return [text for text, short in cut.items() if many[short] > 1]


def _words(text: str) -> list[_Word]:
    """Split a text into words, each with its option: the 2 of --layers 2 is not the 2 of --widths 2."""
    words: list[_Word] = []
    for word in text.split():
        words.append((word if word.startswith("--") or not words else words[-1][0], word))
    return words


def _without(common: Set[_Word], words: Sequence[_Word]) -> str:
    """Leave out what is common, but for the first word."""
    shortened = [word if n == 0 or (option, word) not in common else "…" for n, (option, word) in enumerate(words)]
    return " ".join(word for n, word in enumerate(shortened) if word != "…" or shortened[n - 1] != "…")


def _fitting(pieces: list[str], room: int) -> list[str]:
    characters: list[str] = []
    for piece in pieces:
        room -= width(piece)
        if room < 0:
            break
        characters.append(piece)
    return characters


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
    """Return whether a character belongs to the one before: an accent, a joiner, a skin's tone, a flag's tag."""
    tone_or_tag = "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"
    return tone_or_tag or character == JOINER or unicodedata.category(character) in ("Mn", "Me", "Mc")


def width(text: str) -> int:
    """Count terminal columns: wide East Asian characters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)
