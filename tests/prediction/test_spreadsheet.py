"""Cells that programs run as formulas, and that terminals obey → harmless; all others as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.prediction.spreadsheet import escape_formulas

FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=cmd|"/C calc"!A0', "=", "-", "+cmd", "-cmd|' /C calc'!A0", "@"),
    *("＝1", "＋1", "－cmd", "＠x", "-1 or 2", "+49 30 1"),
    *(" =1", "\u00a0=1", '"=1', "'=1", "\ufeff=1", "\u200b=1", "\u201c=1"),
]


@each("cell", FORMULAS)
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert escape_formulas(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["\t=1", "\r=1", "\x0b=1", "\x1f=1"])
def test_what_hides_a_formula_is_a_code(cell: str) -> None:
    assert escape_formulas(cell) == f"\\x{ord(cell[0]):02x}=1"


WORDS = [
    "",
    "a",
    "a=b",
    "a-b",
    "a - b",
    "1-2",
    "x@y.de",
    "a, b",
    "a\nb",
    "'quoted'",
    "a; b",
    "日本",
    "\U0001f469\u200d\U0001f680",
]
NUMBERS = ["-1.5", "+3", "-1,234.5", "-1e-7", "+.5", "-12 %", " -1.5 ", "-1;-2", "a;-5", "0", "-0"]


@each("cell", [*WORDS, *NUMBERS])
def test_anything_else_stays(cell: str) -> None:
    assert escape_formulas(cell) == cell


@each(
    ("cell", "delimiter", "expected"),
    [
        *(("a;=1", ",", "a;'=1"), ("a|@x", ",", "a|'@x"), ("a\n=1", ",", "a\n'=1"), ("a; =1;b", ",", "a;' =1;b")),
        *(("a,=1", ",", "a,=1"), ("a,=1", "\t", "a,'=1"), ("a;-1;=2", ",", "a;-1;'=2"), ("\n\n=1", ",", "'\n'\n'=1")),
    ],
)
def test_a_cell_may_be_split_where_another_separator_is_taken(cell: str, delimiter: str, expected: str) -> None:
    assert escape_formulas(cell, delimiter) == expected


@each("code", [*range(10), *range(11, 32), *range(127, 160), 0x2028, 0x2029, 0x202E, 0x2066])
def test_a_control_character_is_shown_as_its_code(code: int) -> None:
    assert escape_formulas(f"a{chr(code)}b") == f"a\\x{code:02x}b"


@given(st.text(st.sampled_from("=+-@＝; ,\n\t'\"a1.\x1b|"), max_size=8), st.sampled_from([",", "\t"]))
def test_no_piece_of_any_cell_begins_as_a_formula(cell: str, delimiter: str) -> None:
    """Whatever of the other separators it is split at, unless the piece is a number."""
    pieces = [escape_formulas(cell, delimiter)]
    for separator in {";", "|", "\n", ","} - {delimiter}:
        pieces = [part for piece in pieces for part in piece.split(separator)]
    for piece in pieces:
        bare = piece.lstrip(' "')
        assert not bare.startswith(tuple("=@＝\t\r"))
        if bare.startswith(("+", "-")):
            assert not set(bare) - set("+-1.e%, ")
