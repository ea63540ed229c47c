"""Characters that a terminal or a reader of lines obeys → codes in text, escapes of equal value in JSON."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

from unrolled.formatting.control_characters import escape_controls, escape_controls_in_json

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
CONTROLS = [c for c in EVERY if unicodedata.category(c) == "Cc" and c != "\n"]
LINE_ENDS = [c for c in EVERY if len(f"a{c}b".splitlines()) == 2 and c != "\n"]
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
TURNING = [c for c in EVERY if unicodedata.bidirectional(c) in TURNS]


def test_no_control_end_of_line_or_turn_is_left_and_nothing_else_is_changed() -> None:
    meant = {*CONTROLS, *LINE_ENDS, *TURNING}
    assert len(meant) == 64 + 2 + 9
    assert {c for c in EVERY if escape_controls(c) != c} == meant
    assert escape_controls("a\x1b[2J\nb\u202e") == "a\\x1b[2J\nb\\x202e"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_keeps_its_value(ascii_only: bool) -> None:
    value = {c: [c] for c in [*CONTROLS, *LINE_ENDS, *TURNING, "\n", "é"]}
    text = escape_controls_in_json(json.dumps(value, ensure_ascii=ascii_only))
    assert json.loads(text) == value
    assert (len(text.splitlines()), text.isprintable()) == (1, True)
