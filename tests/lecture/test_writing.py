"""Numbers and sums as text, against Python's own reading of it; tables and long equations, against what is expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.lecture.writing import columns, equation, factor, fixed, number, numbers, paragraph, products, total

SMALL = st.floats(-1000, 1000)


@given(SMALL)
def test_a_number_is_read_back_to_four_places(x: float) -> None:
    assert float(number(x)) == pytest.approx(x, abs=5.1e-5)
    assert number(x) != "-0"


@each(
    ("x", "text"),
    [
        (0.7, "0.7"),
        (-2.025, "-2.025"),
        (2.0, "2"),
        (-0.0, "0"),
        (1 / 3, "0.3333"),
        (0.1 + 0.2, "0.3"),
        (0.0012345, "1.23e-03"),
    ],
)
def test_a_number_is_whole_with_three_decimals_and_else_rounded(x: float, text: str) -> None:
    assert number(x) == text


@given(st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=6))
def test_sums_are_what_python_computes_from_their_text(pairs: list[tuple[float, float]]) -> None:
    rounded = [(float(number(w)), float(number(x))) for w, x in pairs]
    weights, inputs = zip(*rounded, strict=True)
    assert eval(products(weights, inputs)) == pytest.approx(sum(w * x for w, x in rounded), abs=1e-6)
    assert eval(total(weights)) == pytest.approx(sum(weights), abs=1e-6)


def test_signs_stand_where_a_reader_writes_them() -> None:
    assert products([0.5, -0.25], [0.7, -3.9]) == "0.5*0.7 - 0.25*(-3.9)"
    assert total([-1.0, 2.0, -3.5]) == "-1 + 2 - 3.5"
    assert factor(-0.5) == "(-0.5)"
    assert numbers([0.5, -1.0]) == "[0.5, -1]"
    assert (fixed(0.0), fixed(-1e-6)) == ("0", "-0.000001")


def test_points_stand_below_each_other_and_words_begin_or_end_there() -> None:
    rows = [["", "value", "of"], ["one", "-1.25", "a"], ["three", "10", "bc"]]
    assert list(columns(rows)) == ["         value  of", "  one    -1.25   a", "  three  10     bc"]


def test_a_long_equation_is_broken_outside_parentheses_and_loses_nothing() -> None:
    side = " + ".join(["(1 - 0.25)*0.5"] * 9)
    lines = list(equation("h", side, "3.375"))
    assert len(lines) == 3
    assert max(map(len, lines)) <= 100
    assert " ".join(" ".join(lines).split()) == f"h = {side} = 3.375"
    assert all(line.count("(") == line.count(")") for line in lines)


def test_a_paragraph_stands_behind_an_empty_line_and_fits() -> None:
    first, *lines = paragraph("word " * 60, indent=2)
    assert first == ""
    assert all(line.startswith("  word") and len(line) <= 100 for line in lines)
    assert " ".join(lines).split() == ["word"] * 60
