"""Parquet: what pyarrow wrote comes back equal, in any type of string; what can't be used is reported or refused."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tracemalloc
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.readers.parquet import read_parquet
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import ReadOptions
from unrolled.errors import DataError, MissingExtraError

STRINGS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LABELS = TEXTS.filter(lambda value: value.strip() != "")


def read(path: Path, **options: Any) -> list[Row | BadRow]:
    return list(read_parquet(str(path), **{"text_column": "text", "label_column": "label", **options}))


def written(path: Path, columns: dict[str, Any]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@given(st.lists(st.tuples(TEXTS, LABELS, TEXTS), max_size=5), st.sampled_from(STRINGS), st.integers(1, 3))
def test_strings_of_any_type_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], kind: Any, group: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.parquet"
    columns = [pa.array(list(values), pa.string()).cast(kind) for values in zip(*rows, strict=True)] or [
        pa.array([], kind)
    ] * 3
    pq.write_table(pa.table(columns, names=["text", "label", "id"]), path, row_group_size=group)
    assert read(path) == [
        Row(n, f"{path}, row {n}", text, label, {"id": other}) for n, (text, label, other) in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint64(), pa.int64()])
def test_integers_are_labels_by_their_digits(tmp_path: Path, kind: Any) -> None:
    path = written(tmp_path / "a.parquet", {"text": ["a", "b"], "label": pa.array([7, 0], kind)})
    assert [row.label for row in read(path) if isinstance(row, Row)] == ["7", "0"]


def test_other_columns_are_kept_in_json_spelling_and_read_only_if_wanted(tmp_path: Path) -> None:
    others = {
        "number": [1.5],
        "nothing": pa.array([None], pa.int64()),
        "list": [["1", "é"]],
        "day": [date(2026, 1, 2)],
        "price": [Decimal("1.10")],
        "true": [True],
    }
    path = written(tmp_path / "a.parquet", {"text": ["a"], "label": ["b"], **others})
    told = {
        "number": "1.5",
        "nothing": None,
        "list": '["1", "é"]',
        "day": "2026-01-02",
        "price": "1.10",
        "true": "true",
    }
    (row,) = read(path)
    assert isinstance(row, Row)
    assert row.fields == told
    assert json.loads(row.fields["list"] or "") == others["list"][0]
    (row,) = read(path, other_columns=["price"])
    assert isinstance(row, Row)
    assert row.fields == {"price": "1.10"}
    (row,) = read(path, other_columns=["prize"], label_column=None)
    assert isinstance(row, Row)
    assert set(row.fields) == {"text", "label", *told}, "so that the error of a missing column can say which there are"


def test_several_text_columns_are_joined(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", {"subject": ["s"], "body": ["b"], "label": ["x"]})
    (row,) = read(path, text_column="subject,body")
    assert isinstance(row, Row)
    assert (row.text, row.fields) == ("s\nb", {})


def test_nulls_damage_and_length_are_reported_row_by_row(tmp_path: Path) -> None:
    raw = pa.array([b"fine", None, b"caf\xe9", b"x" * 11, b"fine"], pa.binary())
    texts = pa.Array.from_buffers(pa.string(), len(raw), raw.buffers())
    labels = pa.array(["a", "b", "c", "d", None])
    path = written(tmp_path / "a.parquet", {"text": texts, "label": labels})
    reasons = [
        "'text' must be a string, got null",
        "'text', byte 4: 0xe9 is not UTF-8",
        "longer than 10 characters (--max-row-length)",
        "'label' must be a string, got null",
    ]
    rows = read(path, options=ReadOptions(max_row_length=10))
    assert rows == [
        Row(1, f"{path}, row 1", "fine", "a", {}),
        *(BadRow(n, f"{path}, row {n}", reason) for n, reason in enumerate(reasons, start=2)),
    ]
    other = read(written(tmp_path / "b.parquet", {"text": ["a"] * 5, "label": ["b"] * 5, "note": texts}))
    assert [row.number for row in other if isinstance(row, BadRow)] == [3]
    (null,) = read(written(tmp_path / "c.parquet", {"text": ["a"], "label": pa.array([None], pa.int64())}))
    assert null == BadRow(1, f"{tmp_path / 'c.parquet'}, row 1", "'label' must be a string or an integer, got null")
    (empty,) = read(written(tmp_path / "d.parquet", {"text": ["a"], "label": [" "]}))
    assert isinstance(empty, BadRow)
    assert empty.reason == "the label is empty (in 'label')"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no such column": (
        {"text": ["a"], "labels": ["b"]},
        "no column 'label'; the columns are text, labels. Did you mean",
    ),
    "texts that are numbers": (
        {"text": [1], "label": ["b"]},
        "'text' holds int64, but must hold strings. Choose another",
    ),
    "texts that are bytes": ({"text": [b"a"], "label": ["b"]}, "'text' holds binary, but must hold strings."),
    "labels with a point": (
        {"text": ["a"], "label": [1.0]},
        "'label' holds double, but must hold strings or integers.",
    ),
    "labels of truth": ({"text": ["a"], "label": [True]}, "'label' holds bool, but must hold strings or integers."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_column_that_cannot_be_used_is_refused_at_the_call(tmp_path: Path, case: str) -> None:
    columns, message = REFUSED[case]
    path = written(tmp_path / "a.parquet", columns)
    with pytest.raises(DataError) as caught:
        read_parquet(str(path), text_column="text", label_column="label")
    assert message in str(caught.value)
    assert caught.value.where == str(path)


def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table([pa.array(["a"])] * 2, names=["text", "text"]), tmp_path / "a.parquet")
    with pytest.raises(DataError, match="'text' occurs more than once"):
        read(tmp_path / "a.parquet", label_column=None)


def test_every_cut_is_refused(tmp_path: Path) -> None:
    content = written(tmp_path / "a.parquet", {"text": ["a"] * 9, "label": ["b"] * 9}).read_bytes()
    for length in range(0, len(content), 7):
        (tmp_path / "a.parquet").write_bytes(content[:length])
        with pytest.raises(DataError, match=r"Parquet file (but (an empty file|something else)|is damaged after 0)"):
            read(tmp_path / "a.parquet")


def test_damage_is_an_error_of_ours_or_rows(tmp_path: Path) -> None:
    content = written(tmp_path / "a.parquet", {"text": ["fine"] * 9, "label": ["b"] * 9}).read_bytes()
    for place in range(4, len(content), 3):
        (tmp_path / "a.parquet").write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            rows = read(tmp_path / "a.parquet")
        except DataError:
            continue
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.torture
def test_no_bit_of_the_footer_makes_rows_vanish(tmp_path: Path) -> None:
    path, rows = tmp_path / "a.parquet", 9
    table = pa.table({"text": [f"fine {n}" for n in range(rows)], "label": ["b"] * rows})
    plain = {"use_dictionary": False, "compression": "none", "store_schema": False, "write_statistics": False}
    pq.write_table(table, path, row_group_size=5, **plain)
    content = path.read_bytes()
    footer, contradictory = int.from_bytes(content[-8:-4], "little"), 0
    for bit in range(8 * (len(content) - 8 - footer), 8 * (len(content) - 8)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            found = len(read(path))
        except DataError as error:
            contradictory += "its footer" in error.problem
        else:
            assert found == rows, bit
    assert contradictory > 10


def test_a_page_that_does_not_fit_its_checksum_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"text": ["a fine film"] * 9, "label": ["b"] * 9})
    pq.write_table(table, path, use_dictionary=False, compression="none", write_page_checksum=True)
    path.write_bytes(path.read_bytes().replace(b"\0\0\0a fine film", b"\0\0\0a fine filn"))
    with pytest.raises(DataError, match="CRC checksum"):
        read(path)


def test_a_columns_name_that_is_no_utf8_is_damage(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", {"text": ["a"], "label": ["b"], "n\u00f6te": ["c"]})
    path.write_bytes(path.read_bytes().replace("n\u00f6te".encode(), b"n\xf6\xf6te"))
    with pytest.raises(DataError, match="a column's name is not UTF-8"):
        read(path)


def test_a_value_that_python_does_not_know_takes_no_row_away(tmp_path: Path) -> None:
    others = {"at": pa.array([1], pa.timestamp("ns")), "day": pa.array([2**25], pa.date32())}
    (row,) = read(written(tmp_path / "a.parquet", {"text": ["a"], "label": ["b"], **others}))
    assert isinstance(row, Row)
    assert row.fields == {"at": "1970-01-01 00:00:00.000000001", "day": "93838-12-01"}


def test_what_cannot_be_read_twice_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = written(tmp_path / "a.parquet", {"text": ["a"], "label": ["b"]}).read_bytes()
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(content))
    (row,) = read(tmp_path / "a.parquet.gz")
    assert isinstance(row, Row)
    assert (row.text, row.label) == ("a", "b")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert [row.where for row in read(Path("-"))] == ["standard input, row 1"]


def test_rows_that_are_never_read_leave_no_open_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", {"text": ["a"] * 3, "label": ["b"] * 3})
    rows = read_parquet(str(path), text_column="text", label_column="label")
    next(rows)
    del rows  # a file left open would warn here, and a warning is an error


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", {"text": [f"{n} " * 100 for n in range(20_000)]})
    tracemalloc.start()
    for _ in read_parquet(str(path), text_column="text", label_column=None):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unrolled.environment.packages.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'unrolled\[files\]'"):
        read(tmp_path / "a.parquet")
