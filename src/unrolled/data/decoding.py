"""Text that came from bytes → why it can't be used: its first byte that its encoding doesn't have there, or a NUL."""

from __future__ import annotations

import codecs
import re

from unrolled.errors import data as errors
from unrolled.errors import files as file_errors

KEEP = "unrolled.keep"  # the name of `_keep` among Python's ways to decode
_DAMAGE = re.compile("[\0\ud800-\udfff]")
_OTHERS_MARKS = (  # that of UTF-32 may begin as that of UTF-16 does
    ("UTF-32", ("\udcff\udcfe\0\0", "\0\0\udcfe\udcff")),
    ("UTF-16", ("\udcff\udcfe", "\udcfe\udcff")),
)


def lenient_decoder(encoding: str) -> str:
    """Return the spelling by which Python knows the encoding; a SettingError where it knows none of text."""
    codecs.register_error(KEEP, _keep)
    try:
        "".encode(encoding)
        b"\xff".decode(encoding, KEEP)  # some can't keep what they don't know
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError, ValueError) as error:
        raise file_errors.unknown_encoding(encoding) from error


def marked_encoding(text: str, encoding: str) -> str | None:
    """Name the encoding whose byte order mark a text that was taken for UTF-8, and decoded by `KEEP`, begins with."""
    if encoding != "utf-8":
        return None
    return next((name for name, marks in _OTHERS_MARKS if text.startswith(marks)), None)


def decoding_damage(text: str, encoding: str = "utf-8", *, line: int = 1) -> str | None:
    """Return why the text, decoded by `KEEP` and beginning at that line, can't be used."""
    if text.isascii() and "\0" not in text:  # the fast way through most texts
        return None
    found = _DAMAGE.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    line += before.count("\n")
    before = before[before.rfind("\n") + 1 :]
    if encoding == "utf-8":
        where = f"line {line}, byte {len(before.encode()) + 1}"
    else:
        where = f"line {line}, character {len(before) + 1}"
    return errors.nul_reason(where) if found[0] == "\0" else errors.not_decoded_reason(where, found[0], encoding)


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Decode each invalid byte to a lone surrogate, which no encoding yields."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end
