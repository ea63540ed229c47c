"""A cell of a table → the same cell so that no spreadsheet runs it as a formula, and no terminal obeys it.

An apostrophe goes before what begins as a formula does, at the cell's beginning or behind a character at which a
program splits it that takes another separator than the file's. Numbers such as -1.5 stay. Control characters but line
breaks, and those that change the direction of writing, are shown as codes.
"""

from __future__ import annotations

import re

from unrolled.formatting.control_characters import escape_controls

_BLANK = "[\\s\"'`\u2018-\u201f\ufeff\u200b-\u200f\u2060]*"  # that programs pass over before a formula
_SIGN = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"  # and their full-width forms
_NUMBER = r"\s*[+-]?[.,]?\d[\d.,]*(?:[eE][+-]?\d+)?\s?%?\s*"
_BEGINNING = re.compile(_BLANK + _SIGN)
_SEPARATORS = {",": ";|\n", "\t": ",;|\n"}  # of others, by the file's own
_FORMULAS = {
    own: re.compile(f"[{others}](?={_BLANK}{_SIGN})(?!{_NUMBER}(?:[{others}]|$))")
    for own, others in _SEPARATORS.items()
}


def escape_formulas(cell: str, delimiter: str = ",") -> str:
    """Return the cell as a spreadsheet may show it."""
    shown = escape_controls(cell)
    formulas = _FORMULAS[delimiter]
    if not _BEGINNING.match(shown) and not formulas.search(shown):  # as most are: to replace nothing takes longer
        return shown
    return formulas.sub(r"\g<0>'", f"\n{shown}")[1:]
