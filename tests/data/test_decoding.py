"""Decoded text → the place of its first byte that is not UTF-8, or of a NUL, as Python's strict decoder has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.data.decoding import KEEP, decoding_damage, lenient_decoder
from unrolled.errors import SettingError

HINT = "is not UTF-8 (another encoding? --encoding latin-1)"


def first_flaw(content: bytes) -> str | None:
    end, flaw = len(content), None
    try:
        content.decode()
    except UnicodeDecodeError as error:
        end, flaw = error.start, f"0x{content[error.start]:02x} {HINT}"
    if b"\0" in content[:end]:
        end, flaw = content.index(b"\0"), "a NUL byte"
    before = content[:end].split(b"\n")
    return flaw and f"line {len(before)}, byte {len(before[-1]) + 1}: {flaw}"


@given(st.binary() | st.text(max_size=8).map(lambda text: text.encode(errors="surrogatepass")))
def test_damage_is_what_strict_utf8_refuses_and_nul(content: bytes) -> None:
    assert decoding_damage(content.decode(lenient_decoder("UTF8"), errors=KEEP)) == first_flaw(content)


@given(st.binary(), st.sampled_from(["utf-16", "utf-32-be", "shift-jis", "gbk", "cp1252", "ascii", "utf-7"]))
def test_any_bytes_are_kept_and_told_in_any_encoding(content: bytes, encoding: str) -> None:
    name = lenient_decoder(encoding)
    text = content.decode(name, errors=KEEP)
    try:
        clean = "\0" not in content.decode(name) and not any("\ud800" <= c <= "\udfff" for c in text)
    except UnicodeDecodeError:
        clean = False
    assert (decoding_damage(text, name) is None) == clean


@each("encoding", ["", "utf-9", "idna", "punycode", "undefined", "rot13", "base64", "a\0b", "é" * 99])
def test_what_is_no_encoding_of_text_is_refused_by_the_name_that_was_given(encoding: str) -> None:
    with pytest.raises(SettingError) as raised:
        lenient_decoder(encoding)
    assert encoding[:40] in raised.value.problem


def test_a_later_line_is_counted_from_the_first() -> None:
    assert decoding_damage("a\nb\0", line=7) == "line 8, byte 2: a NUL byte"
    assert decoding_damage("a\nb\0", "cp1252", line=7) == "line 8, character 2: a NUL byte"
