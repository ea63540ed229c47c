"""Files of JSON, legal and hostile → the value, or a FolderError of one line that names the file."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.each import each
from unrolled.errors import FolderError
from unrolled.storage import strict_json

# Lone surrogates come from file names and broken text. A high one before a low one is, in JSON, one character:
# such strings alone don't come back, so low ones are mixed with characters here and high ones kept apart.
low = st.characters(categories=["Cs"], min_codepoint=0xDC00)
high = st.characters(categories=["Cs"], max_codepoint=0xDBFF)
texts = st.text(st.characters() | low, max_size=8) | st.text(high, max_size=3)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(texts, values, max_size=5))
def test_an_object_comes_back_as_it_was(value: dict[str, object]) -> None:
    content = strict_json.to_bytes(value)
    assert strict_json.parse(content) == value == json.loads(content)
    assert content == strict_json.to_bytes(json.loads(content))
    assert content.isascii()
    assert content.endswith(b"\n")


@given(st.lists(texts, min_size=1))
def test_the_size_of_a_list_of_texts_is_known_without_writing_it(listed: list[str]) -> None:
    assert strict_json.size_of_texts(listed) == len(strict_json.to_bytes(listed))


@each("digits", [1, 600, 4300, 4301, 9_000, 10_000_000])
def test_a_whole_number_is_read_or_its_digits_are_told(digits: int) -> None:
    if digits <= 4300:
        assert strict_json.parse(b"[" + b"7" * digits + b"]") == [int("7" * digits)]
        return
    with pytest.raises(ValueError, match=f"^a whole number of {digits:,} digits$"):
        strict_json.parse(b"[" + b"7" * digits + b"]")


def test_the_types_of_numbers_come_back() -> None:
    back = strict_json.parse(strict_json.to_bytes([1, 1.0, True, -0.0, 10**400, 5e-324]))
    assert repr(back) == repr([1, 1.0, True, -0.0, 10**400, 5e-324])


def test_a_file_is_read_as_json_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"label": "Grüße", "sizes": [1, 2.5, null]}', encoding="utf-8")
    assert strict_json.read_object(path) == {"label": "Grüße", "sizes": [1, 2.5, None]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_none_are_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        strict_json.to_bytes({"loss": value})


HOSTILE = {
    "empty": b"",
    "blank": b" \n",
    "cut": b'{"a": 1',
    "two values": b"{} {}",
    "list": b"[]",
    "string": b'"a"',
    "duplicate key": b'{"a": 1, "a": 1}',
    "duplicate key within": b'{"b": [{"a": 1, "a": 2}]}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": [Infinity]}',
    "-Infinity": b'{"a": -Infinity}',
    "1e999": b'{"a": 1e999}',
    "-1e999": b'{"a": -1e999}',
    "deep list": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep and cut": b"[" * 100_000,
    "long integer": b'{"a": ' + b"1" * 5_000 + b"}",
    "BOM": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32": '{"a": 1}'.encode("utf-32-le"),
    "Latin-1": '{"a": "ü"}'.encode("latin-1"),
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "surrogate in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "NUL": b"{}\x00",
    "control character": b'{"a": "\x1b"}',
    "comment": b"{} // no",
    "long doubled key": b'{"' + b"k" * 10_000 + b'": 1, "' + b"k" * 10_000 + b'": 1}',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_strict_object_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(FolderError) as caught:
        strict_json.read_object(path)
    assert str(caught.value).startswith(f"{path}: expected")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < len(str(path)) + 400


def test_many_keys_with_one_doubled_are_refused_without_a_search_of_all_pairs(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("{" + ",".join(f'"{key}":0' for key in range(200_000)) + ',"199999":0}')
    with pytest.raises(FolderError, match="'199999' twice"):
        strict_json.read_object(path)


def test_a_size_above_the_limit_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"{}" + b" " * 98)
    assert strict_json.read_object(path, max_bytes=100) == {}
    with pytest.raises(FolderError, match="at most 99 bytes, got 100 bytes"):
        strict_json.read_object(path, max_bytes=99)
    os.truncate(path, 2**40)  # a sparse file: reading it would not end
    with pytest.raises(FolderError, match="1,099,511,627,776 bytes"):
        strict_json.read_object(path)


@pytest.mark.parametrize("read", [strict_json.read_object, strict_json.read_list_of_strings])
def test_only_a_regular_file_is_read_and_nothing_is_waited_for(tmp_path: Path, read: object) -> None:
    assert callable(read)
    real = tmp_path / "real"
    real.write_text("{}")
    (tmp_path / "link").symlink_to(real)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    places = [tmp_path / name for name in ("link", "dangling", "folder", "pipe", "missing", "real/below")]
    for path in [*places, Path("/dev/zero"), Path("/dev/null")]:
        with pytest.raises(FolderError) as caught:
            read(path)
        assert caught.value.where == str(path)
        assert re.search("not a regular file|can't read", caught.value.problem)


def test_a_file_of_two_names_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "real").write_text('{"a": 1}')
    os.link(tmp_path / "real", tmp_path / "config.json")
    with pytest.raises(FolderError, match=r"2 names \(hard links\).*Copy the folder"):
        strict_json.read_object(tmp_path / "config.json")
    (tmp_path / "real").unlink()
    assert strict_json.read_object(tmp_path / "config.json") == {"a": 1}


def test_depth_is_refused_before_it_can_be_too_deep_to_be_shown() -> None:
    assert strict_json.parse(b"[" * 32 + b"]" * 32)
    for depth in (33, 500, 900, 100_000):
        with pytest.raises(ValueError, match="nested too deeply"):
            strict_json.parse(b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}")


@given(words=st.lists(texts.filter(bool), unique=True, max_size=20))
def test_a_list_of_words_comes_back(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "vocabulary.json"
    path.write_bytes(strict_json.to_bytes(words))
    assert strict_json.read_list_of_strings(path) == words


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('["a", "b", "a"]', "at position 2 'a' again"),
        ('["a", ""]', "at position 1 an empty string"),
        ('["a", 1]', "at position 1 something else"),
        ('["a", null]', "at position 1 something else"),
        ('["a", ["b"]]', "at position 1 something else"),
        ("{}", "another JSON value"),
        ('"ab"', "another JSON value"),
        ('["a"', "an error in it"),
    ],
)
def test_a_list_of_other_things_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "vocabulary.json"
    path.write_text(content)
    with pytest.raises(FolderError, match=problem):
        strict_json.read_list_of_strings(path)
