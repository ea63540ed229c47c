"""JSON Lines: what json wrote comes back equal; every line that is not blank is a row, used or reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.promise import PACKED
from unrolled.data.readers.json_lines import read_json_lines
from unrolled.data.rows import BadRow, Row
from unrolled.errors import DataError

_STRINGS = st.text(st.characters(exclude_categories=["Cs"]))
_LABELS = _STRINGS.filter(lambda value: value.strip() != "") | st.integers()
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_OTHERS = st.recursive(st.none() | st.booleans() | st.integers() | _NUMBERS | _STRINGS, st.lists, max_leaves=3)


def _read(path: Path, text: str = "text", label: str | None = "label") -> list[Row | BadRow]:
    return list(read_json_lines(str(path), text_column=text, label_column=label))


@settings(deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"text": _STRINGS, "label": _LABELS, "other": _OTHERS}), max_size=5),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\n\n", " \n\t\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_a_legal_file_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, table: list[dict[str, object]], escaped: bool, end: str, mark: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    content = mark + "".join(json.dumps(record, ensure_ascii=escaped) + end for record in table)
    path.write_bytes(content.encode())
    rows = _read(path)
    assert [row.number for row in rows] == list(range(1, len(table) + 1))
    for row, record in zip(rows, table, strict=True):
        assert isinstance(row, Row)
        assert (row.text, row.label) == (record["text"], str(record["label"]))
        other = record["other"]
        kept = row.fields["other"]
        assert kept == other if kept is None or isinstance(other, str) else json.loads(kept) == other


_NASTY = st.sampled_from([b'"', b"\n", b"\r", b"\0", b"\xe9", b"\xed\xa0\x80", b"\\ud800", b"}", b"[", b"NaN", b"0"])


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    lines = draw(st.lists(st.sampled_from([b'{"text": "a", "label": "b"}', b'{"label": 1, "text": "\xc3\xa9"}', b" "])))
    content = b"\n".join(lines)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        content = content[:start] + draw(_NASTY) + content[start + draw(st.integers(0, 3)) :]
    return content


def _is_row(path: Path, line: bytes) -> bool:
    path.write_bytes(line)
    try:
        return isinstance(next(iter(_read(path)), None), Row)
    except DataError:
        return False


@settings(deadline=None, max_examples=200)
@given(_damaged() | st.binary(max_size=60))
def test_every_line_that_is_not_blank_is_one_row_used_or_reported(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.jsonl"
    path.write_bytes(content)
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    expected = [number for number, line in enumerate(lines, start=1) if line.strip(b" \t\r")]
    try:
        rows = _read(path)
    except DataError:
        if not content.startswith((b"\xff\xfe", b"\xfe\xff", *PACKED)):
            assert not any(_is_row(path, line) for line in lines), "an error takes no row away"
        return
    places = [f"{path}, row {row} (line {line})" for row, line in enumerate(expected, start=1)]
    assert [row.where for row in rows] == places
    assert all(json.loads(lines[line - 1]) for row, line in zip(rows, expected, strict=True) if isinstance(row, Row))


_REASONS: dict[str, tuple[bytes, str]] = {
    "a number as text": (b'{"text": 3, "label": "a"}', "'text' must be a string, got 3"),
    "null as text": (b'{"text": null, "label": "a"}', "'text' must be a string, got null"),
    "a long list as text": (
        b'{"text": ["0123456789", "0123456789", "0123456789"], "label": "a"}',
        '\'text\' must be a string, got ["0123456789", "0123456789", "0123456789…',
    ),
    "true as label": (b'{"text": "t", "label": true}', "'label' must be a string or an integer, got true"),
    "a float as label": (b'{"text": "t", "label": 1.0}', "'label' must be a string or an integer, got 1.0"),
    "null as label": (b'{"text": "t", "label": null}', "'label' must be a string or an integer, got null"),
    "an empty label": (b'{"text": "t", "label": ""}', "the label is empty (in 'label')"),
    "no text": (b'{"label": "a"}', "no key 'text'"),
    "no label": (b'{"text": "t"}', "no key 'label'"),
    "a list": (b'["t", "a"]', 'expected a JSON object, got ["t", "a"]'),
    "a bare word": (b"text", "not valid JSON: Expecting value at character 1"),
    "a cut line": (b'{"text": "t"', "not valid JSON: Expecting ',' delimiter at character 13"),
    "two objects": (b'{"text": "t"} {}', "not valid JSON: Extra data at character 15"),
    "a key twice": (b'{"text": "t", "label": "a", "text": "u"}', 'the key "text" stands more than once'),
    "a key twice within": (
        b'{"text": "t", "label": "a", "o": [{"\\ud800": 1, "\\ud800": 2}]}',
        'the key "\\ud800" stands more than once',
    ),
    "a lone surrogate": (
        b'{"text": "\\ud800", "label": "a"}',
        "half a surrogate pair (\\ud800 to \\udfff) in a string",
    ),
    "a lone surrogate elsewhere": (
        b'{"text": "t", "label": "a", "o": [{"\\uDFFF": 0}]}',
        "half a surrogate pair (\\ud800 to \\udfff) in a string",
    ),
    "NaN": (b'{"text": "t", "label": "a", "o": NaN}', "not valid JSON: NaN"),
    "minus infinity": (b'{"text": "t", "label": "a", "o": [-Infinity]}', "not valid JSON: -Infinity"),
    "Latin-1": (
        b'{"text": "caf\xe9", "label": "a"}',
        "line 3, byte 14: 0xe9 is not UTF-8 (another encoding? --encoding latin-1)",
    ),
    "a NUL": (b'{"text": "\0", "label": "a"}', "line 3, byte 11: a NUL byte"),
    "a raw tab": (b'{"text": "\t", "label": "a"}', "not valid JSON: Invalid control character at at character 11"),
    "deep nesting": (b"[" * 100_000, "not usable JSON: nested too deeply"),
    "a line separator of Unicode alone": ("\u2028".encode(), "not valid JSON: Expecting value at character 1"),
}


@pytest.mark.parametrize("case", _REASONS)
def test_a_damaged_line_is_reported_and_the_others_are_read(tmp_path: Path, case: str) -> None:
    line, reason = _REASONS[case]
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(b'{"text": "one", "label": "a"}\n\n' + line + b'\n{"text": "two", "label": "b"}')
    one, bad, two = _read(path)
    assert bad == BadRow(2, f"{path}, row 2 (line 3)", reason)
    assert (one.number, two.number) == (1, 3)
    assert isinstance(one, Row)
    assert isinstance(two, Row)


@pytest.mark.parametrize("number", ["1e400", "9" * 5000, "0.12345678901234567890", "1e2", "1.10", "-0"])
def test_a_number_keeps_its_own_spelling(tmp_path: Path, number: str) -> None:
    path = tmp_path / "reviews.jsonl"
    label = number if number.lstrip("-").isdigit() else "7"
    path.write_text(f'{{"text": "t", "label": {label}, "id": {number}, "in": [{{"a": {number}}}]}}')
    fields = {"id": number, "in": f'[{{"a": {number}}}]'}
    assert _read(path) == [Row(1, f"{path}, row 1 (line 1)", "t", label, fields)]


@pytest.mark.parametrize("value", ["NA", "007", "null", "nan", "true", "1.10"])
def test_strings_that_look_like_numbers_or_nothing_stay_the_text_they_are(tmp_path: Path, value: str) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_text(json.dumps({"text": value, "label": value, "id": value}))
    assert _read(path) == [Row(1, f"{path}, row 1 (line 1)", value, value, {"id": value})]


def test_other_columns_are_kept_in_their_json_spelling(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_text('{"text": "t", "label": -7, "a": null, "b": true, "c": ["é", 1], "d": 12345678901234567890}')
    (row,) = _read(path)
    assert isinstance(row, Row)
    assert row.label == "-7"
    assert row.fields == {"a": None, "b": "true", "c": '["é", 1]', "d": "12345678901234567890"}


def test_several_text_columns_are_joined_by_newlines_unless_one_has_that_very_name(tmp_path: Path) -> None:
    path = tmp_path / "mail.jsonl"
    path.write_text('{"s": "1", "b": "2", "label": "l"}\n{"s": "1", "b": "2", "s,b": "3"}\n{"s": "1"}\n')
    joined, exact, bad = _read(path, text="s,b", label=None)
    assert isinstance(joined, Row)
    assert (joined.text, joined.label, joined.fields) == ("1\n2", None, {"label": "l"})
    assert isinstance(exact, Row)
    assert (exact.text, exact.fields) == ("3", {"s": "1", "b": "2"})
    assert isinstance(bad, BadRow)
    assert bad.reason == "no key 'b'"
