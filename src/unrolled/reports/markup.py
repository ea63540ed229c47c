"""Any text → the same text as HTML and XML may hold it: marks escaped, what is no character shown as its code."""

from __future__ import annotations

import re
from html import escape

from unrolled.formatting.control_characters import escape_forbidden

# Letters written from right to left: a number behind them would go to their left, and take other words along.
_LEFTWARD = "\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
# What is quoted; or such letters with what is between them, up to a letter of another kind, and the number of a name.
_CITED = re.compile(f"((?<=“)[^“”]*(?=”)|[{_LEFTWARD}](?:[\\W\\d_{_LEFTWARD}]*[{_LEFTWARD}])?(?:[ ._/-]?\\d+)*)")


def markup(text: str) -> str:
    """Escape a text, for contents and for attributes."""
    return escape(escape_forbidden(text))


def sentence(text: str) -> str:
    """Escape a text for contents, and let none of its quotes and right-to-left words reorder what is around them."""
    parts = enumerate(_CITED.split(text))
    return "".join(f"<bdi>{markup(part)}</bdi>" if n % 2 else markup(part) for n, part in parts)
