"""Any text → the same text as HTML and XML may hold it: marks escaped, what is no character shown as its code."""

from __future__ import annotations

import re
from html import escape

# What XML forbids (controls, surrogates, noncharacters), and what would turn the words after it around. Joiners stay:
# emoji and Arabic need them. A line break is a space to HTML anyway.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def markup(text: str) -> str:
    """Escape a text, for contents and for attributes."""
    return escape(shown(text))


def shown(text: str) -> str:
    """Show what is no character as its code."""
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
