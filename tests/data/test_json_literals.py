"""JSON comes back as it was written: every number to its last digit, all else as Python's json spells it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.data.json_literals import Number, spelled, values

_STRINGS = st.text(st.characters(exclude_categories=["Cs"]))
_SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _STRINGS
_VALUES = st.recursive(_SIMPLE, lambda one: st.lists(one) | st.dictionaries(_STRINGS, one), max_leaves=8)


def _reject(constant: str) -> Any:
    raise ValueError(constant)


def _read(line: str) -> Any:
    return values(line, unique=dict, reject=_reject)


@given(_VALUES, st.booleans())
def test_what_json_wrote_comes_back_to_the_letter(value: object, ascii_only: bool) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only)
    assert spelled(_read(written), ascii_only=ascii_only) == written


@each("number", ["0.12345678901234567890", "1e2", "1E+2", "1.10", "-0", "-0.0", "1e400", "9" * 5000, "1e-400"])
def test_a_number_keeps_its_spelling_also_where_python_has_no_such_number(number: str) -> None:
    assert spelled(_read(number)) == number
    assert spelled(_read(f'{{"a": [{number}, "{number}"]}}')) == f'{{"a": [{number}, "{number}"]}}'


def test_only_what_has_neither_point_nor_exponent_is_an_integer() -> None:
    assert [number.is_integer for number in _read("[1, -0, 1.0, 1e2]")] == [True, True, False, False]
    assert _read("-7") == Number("-7", is_integer=True)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_have_is_refused(constant: str) -> None:
    with pytest.raises(ValueError, match=constant):
        _read(f"[{constant}]")
