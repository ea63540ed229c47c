"""text → words, with their character offsets."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

Tokens = Literal["words", "space"]


class Token(NamedTuple):
    """A word, and where it was read: text[start:end], before ’ became ' and capitals small letters."""

    text: str
    start: int
    end: int


# Marks and joiners are no \w. Before matching, each becomes a letter of Linear B: one for one, so that offsets hold.
MARK, JOINER = "\U00010000", "\U00010001"
LETTER = r"[^\W_]"
# Rules name ASCII letters only: 'İ'.lower() has two characters, and a lower-cased word must be read as before.
CLITIC = rf"['’](?ai:s|m|d|ll|re|ve|t)(?!{LETTER})"
INITIAL = r"(?<=\b[a-zA-Z]\.)"
ABBREVIATION = "|".join(
    rf"(?<=\b(?ai:{words})\.)"  # by length: a lookbehind has one width
    for words in (
        "co|dr|ft|jr|lt|mr|ms|mt|sr|st|vs",
        "ave|col|etc|gen|gov|inc|ltd|mrs|rep|rev|sen|sgt|jan|feb|aug|oct|nov|dec",
        "bros|capt|corp|dept|prof|sept",
    )
)

# Linear time: no two lookaheads read the same letters, and what follows a repetition can't fail: none is tried twice.
# Repeated groups are greedy, as until 3.11.4 Python reads possessive ones wrongly (python/cpython#106052), and bounded,
# as a greedy one's stack grows with every round.
# No rule looks past a space: words joined by spaces are read as the same words.
PATTERN = re.compile(
    rf"""
    {LETTER}++ (?:
        (?=\s)                                      # most words end so: try nothing else
      | ['’][tT] (?!{LETTER})                       # don't: NEGATION cuts it, a run can't give its n back
      | (?: (?: [-‐‑_]
              | \\?/                                # and/or; and\/or is the Treebank's way
              | \. (?: {INITIAL} -? | (?![A-Z]) )   # U.S, U.S.-led, 3.5, space.com; not good.The
              | [,:] (?<=\d.) (?=\d)                # 1,000 and 10:30
              | & (?!\w++;)                         # AT&T; but not before &amp;
              | (?!{CLITIC}) ['’]                   # o'clock
            ) {LETTER}++ ){{,99}}
        (?: \. (?!\.) (?: {INITIAL} | {ABBREVIATION} ) )?  # U.S. and Mr. and J.
    )
    | (?=\S) (?:
        {CLITIC} | ['’] (?ai:em|n['’]?|til|tis|twas|cause|\d\ds?) (?!{LETTER})  # 's, 'em, rock 'n' roll, '90s
      | </?\w++>?+ | />                             # <unk>, <br />
      | &\w++; | &?\#\d++;                          # &amp; and #39;, which is how AG News writes &#39;
      | -(?ai:[lr][rcs]b)- | (?:\\[/*]){{1,99}} | @[-.,]@  # the Treebank's brackets and escapes, WikiText's hyphens
      | [\U0001f1e6-\U0001f1ff]{{2}}                # a flag
      | \.\d++ | ['’]{{2}} | `` | -++ | \.++ | \*++ | =++ | _++
      | \S
    ) {MARK}*+ (?: {JOINER}++ (?: [^\w\s] {MARK}*+ )? ){{,99}}  # an emoji, its variants, those joined to it
    """,
    re.VERBOSE,
)
NEGATION = re.compile(r"[nN]['’][tT](?!\S)")


def tokenize(text: str, *, tokens: Tokens = "words", lowercase: bool = True) -> list[Token]:
    """Split a text into words, each with its offsets in the original text."""
    if tokens == "space":
        spans = [match.span() for match in re.finditer(r"\S+", text)]
        read = text
    else:
        spans = _spans(_shape(text))
        read = text.replace("’", "'")
    found = ((read[start:end], start, end) for start, end in spans)
    return [Token(word.lower() if lowercase else word, start, end) for word, start, end in found]


def words(text: str, *, tokens: Tokens = "words", lowercase: bool = True) -> list[str]:
    """Split a text into words; the same as the texts of `tokenize`, several times faster."""
    if tokens == "words" and not (text.isascii() and text.isalnum()):  # else it is a word, by every rule
        if _shape(text) != text:
            return [token.text for token in tokenize(text, lowercase=lowercase)]
        # Joined by spaces, all words are cut, lower-cased and split again without a loop in Python.
        text = " ".join(PATTERN.findall(text)).replace("’", "'")
        if "'" in text:
            text = NEGATION.sub(r" \g<0>", text)
    return (text.lower() if lowercase else text).split()


def _spans(shape: str) -> list[tuple[int, int]]:
    spans = []
    for match in PATTERN.finditer(shape):
        start, end = match.span()
        if negation := NEGATION.search(shape, start + 1, end):
            spans.append((start, negation.start()))
            start = negation.start()
        spans.append((start, end))
    return spans


def _shape(text: str) -> str:
    if text.isascii():
        return text
    letters = {ord(character): _letter(character) for character in set(text) if character > "\u02ff"}
    glued = {code: letter for code, letter in letters.items() if letter}
    return text.translate(glued) if glued else text


def _letter(character: str) -> str:
    if character in "\u200c\u200d":
        return JOINER
    is_skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return MARK if is_skin_tone or unicodedata.category(character).startswith("M") else ""
