"""How far a run has come → its record and back, the same; anything else in the file is refused with its reason."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.data.rows import BadRow, Row
from unrolled.errors import DataError
from unrolled.prediction.progress_record import DigestedRows, Progress, read, to_bytes
from unrolled.prediction.stream import Counts
from unrolled.storage import strict_json

RUN = {"model": "a" * 64, "threads": 2, "keep_columns": ["id", "größe"], "min_probability": 0.5, "top_k": None}
SHA = hashlib.sha256(b"x").hexdigest()
PROGRESS = Progress(Counts(1024, 3, 0, 2, 5), SHA, 99_000, SHA, RUN)


def test_it_reads_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes(to_bytes(PROGRESS))
    assert read(tmp_path / "record") == PROGRESS


@settings(max_examples=200)
@given(st.data())
def test_a_record_with_a_changed_byte_or_a_lost_end_is_refused_or_means_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(to_bytes(PROGRESS))
    if data.draw(st.booleans()):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    path = tmp_path_factory.mktemp("damaged") / "record"
    path.write_bytes(content)
    try:
        assert read(path) == PROGRESS
    except DataError as error:
        assert (error.where, "--force" in error.advice) == (str(path), True)  # noqa: PT017


def signed(content: Any, **more: Any) -> bytes:
    """Write any content as a record, with the right digest."""
    sha256 = hashlib.sha256(strict_json.to_bytes(content)).hexdigest()
    return strict_json.to_bytes({"format_version": 1, "progress": content, "sha256": sha256, **more})


RIGHT = json.loads(to_bytes(PROGRESS))["progress"]
WRONG: dict[str, Any] = {
    "a list": [],
    "nothing": {},
    "one key more": {**RIGHT, "pid": 7},
    "one key less": {key: value for key, value in RIGHT.items() if key != "run"},
    "counts of another kind": {**RIGHT, "counts": [1, 2, 3, 4]},
    "one count more": {**RIGHT, "counts": {**RIGHT["counts"], "good": 1}},
    "a negative count": {**RIGHT, "counts": {**RIGHT["counts"], "rows": -1}},
    "a truth for a number": {**RIGHT, "bytes": True},
    "a fraction": {**RIGHT, "bytes": 99_000.0},
    "a text for a number": {**RIGHT, "bytes": "99000"},
    "a short digest": {**RIGHT, "input": "abc"},
    "a number for a digest": {**RIGHT, "answers": 7},
    "a run of another kind": {**RIGHT, "run": "the same"},
    "a run with depth": {**RIGHT, "run": {"model": {"sha256": SHA}}},
    "a run with a list of lists": {**RIGHT, "run": {"keep_columns": [["id"]]}},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_record_of_another_form_is_refused_though_its_digest_fits(tmp_path: Path, name: str) -> None:
    (tmp_path / "record").write_bytes(signed(RIGHT))
    assert read(tmp_path / "record") == PROGRESS
    (tmp_path / "record").write_bytes(signed(WRONG[name]))
    with pytest.raises(DataError, match="a record with other keys or values"):
        read(tmp_path / "record")


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_a_record_of_another_version_is_refused_as_that(tmp_path: Path, version: Any) -> None:
    (tmp_path / "record").write_bytes(signed(RIGHT, format_version=version))
    with pytest.raises(DataError, match=r"another version.*version that began it.*--force"):
        read(tmp_path / "record")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"{" * 10**5,
        b'{"progress": NaN}',
        *(b'{"progress": %b%b, "sha256": ""}' % (b"[" * depth, b"]" * depth) for depth in (900, 5000)),
        b" " * 1_000_001 + to_bytes(PROGRESS),
    ],
    ids=lambda content: f"{content[:20].decode('ascii', 'replace')} ({len(content)} bytes)",
)
def test_what_is_no_record_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "record").write_bytes(content)
    with pytest.raises(DataError):
        read(tmp_path / "record")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(to_bytes(PROGRESS))
    (tmp_path / "record").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="symbolic link"):
        read(tmp_path / "record")


def row(number: int, text: str, **fields: str) -> Row:
    return Row(number, "", text, None, fields)


def digest_of(rows: list[Row | BadRow], *keep: str) -> str:
    digested = DigestedRows(rows, keep)
    assert list(digested) == rows
    return digested.sha256.hexdigest()


texts = st.text(st.sampled_from("1 2bad"), max_size=6)
any_row = st.builds(row, st.integers(0, 12), texts, id=texts) | st.builds(
    BadRow, st.integers(0, 12), st.just(""), texts
)


@settings(max_examples=300)
@given(st.lists(any_row, max_size=4), st.lists(any_row, max_size=4))
def test_rows_have_one_digest_where_they_are_the_same_and_else_two(
    first: list[Row | BadRow], second: list[Row | BadRow]
) -> None:
    assert (digest_of(first, "id") == digest_of(second, "id")) == (first == second)


def test_of_a_column_that_is_not_kept_the_length_alone_matters_and_the_place_of_a_row_never() -> None:
    assert digest_of([row(1, "a", id="x")]) != digest_of([row(1, "a", id="xx")])
    assert digest_of([row(1, "a", id="x")]) == digest_of([row(1, "a", id="y")._replace(where="elsewhere")])
    assert digest_of([row(1, "a", id="x")], "id") != digest_of([row(1, "a", id="y")], "id")
    assert digest_of([row(1, "\ud800")]) != digest_of([row(1, "\ud801")])


def test_a_column_that_a_row_lacks_differs_from_any_it_may_have() -> None:
    without, empty, none = (row(1, "a"), row(1, "a", id=""), row(1, "a", id="none "))
    assert len({digest_of([one], "id") for one in (without, empty, none)}) == 3


def test_skipped_rows_are_digested_as_others_and_fewer_than_wanted_are_told() -> None:
    rows: list[Row | BadRow] = [row(n, "x" * n) for n in range(5)]
    digested = DigestedRows(rows, ())
    assert digested.skip(3)
    assert digested.sha256.hexdigest() == digest_of(rows[:3])
    assert list(digested) == rows[3:]
    assert digested.sha256.hexdigest() == digest_of(rows)
    assert not DigestedRows(rows, ()).skip(6)
