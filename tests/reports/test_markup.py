"""Any text, written as XML and read again."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.reports.markup import markup

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY)
def test_any_text_can_be_read_again_as_contents_and_as_an_attribute(text: str) -> None:
    root = ElementTree.fromstring(f'<a b="{markup(text)}">{markup(text)}</a>'.encode())
    assert list(root) == []
    kept = [c for c in text if c.isprintable() and c not in "\ufffe\uffff"]
    assert not [c for c in kept if c not in (root.text or "") or c not in root.attrib["b"]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a\\x00b"),
        ("\ud800", "\\xd800"),
        ("\u202eabc", "\\x202eabc"),
        ("<b>&'\"", "&lt;b&gt;&amp;&#x27;&quot;"),
    ],
)
def test_what_is_no_character_or_turns_others_around_is_shown_as_its_code(text: str, shown: str) -> None:
    assert markup(text) == shown


def test_joiners_of_emoji_and_line_breaks_stay() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\n"
    assert markup(family) == family
