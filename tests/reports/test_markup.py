"""Any text, written as XML and read again."""

from __future__ import annotations

import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.reports.markup import markup, sentence

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


@each(
    ("text", "written"),
    [
        ("“a” for “\u05d0 3!”: 3 of 18", "“<bdi>a</bdi>” for “<bdi>\u05d0 3!</bdi>”: 3 of 18"),
        ("\u05d0\u05d1, 480 texts", "<bdi>\u05d0\u05d1</bdi>, 480 texts"),
        ("cnn \u0627 <b> \u0628: 9 s", "cnn <bdi>\u0627</bdi> &lt;b&gt; <bdi>\u0628</bdi>: 9 s"),
        ("of \u05d0 & \u05d1-2 3. 4 of \u05d2", "of <bdi>\u05d0 &amp; \u05d1-2 3</bdi>. 4 of <bdi>\u05d2</bdi>"),
        ("a\u200f: 3", "a<bdi>\u200f</bdi>: 3"),
    ],
)
def test_a_sentence_isolates_quotes_and_right_to_left_words_with_their_numbers(text: str, written: str) -> None:
    assert sentence(text) == written


def test_every_letter_that_unicode_has_from_right_to_left_is_isolated() -> None:
    every = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.bidirectional(c) in ("R", "AL")]
    assert len(every) > 2000
    assert not [c for c in every if sentence(f"{c}: 3") != f"<bdi>{c}</bdi>: 3"]


@given(st.lists(ANY | st.sampled_from(["“", "”", "\u05d0", "\u2068", "1"])).map("".join))
def test_a_sentence_has_all_of_any_text(text: str) -> None:
    root = ElementTree.fromstring(f"<a>{sentence(text)}</a>".encode())
    assert "".join(root.itertext()) == ElementTree.fromstring(f"<a>{markup(text)}</a>".encode()).text or not text
