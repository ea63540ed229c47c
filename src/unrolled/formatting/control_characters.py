"""Characters that a terminal obeys, that end a line for some readers, or that turn text around → their codes."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")  # all but \n

# What XML forbids (controls, surrogates, noncharacters), and what would turn the words after it around. Joiners stay:
# emoji and Arabic need them. A line break is a space to HTML anyway.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def escape_controls(text: str) -> str:
    """Return the text as it can be shown; line breaks stay."""
    if text.isprintable():  # faster than the search, and true of most texts
        return text
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def escape_controls_in_json(text: str) -> str:
    """Escape them in JSON, of equal value, as far as `json` left them."""
    if text.isprintable():
        return text
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def escape_forbidden(text: str) -> str:
    """Show what is no character as its code."""
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
