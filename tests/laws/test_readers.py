"""The promise of all readers: what was written comes back equal, packed or not; of any bytes no row is lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.promise import FORMATS, PACK, PACKED, Way, kept
from unrolled.data import Row

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from('",\t\r\n é'))
LABELS = TEXTS.filter(lambda value: value.strip() != "")
TABLES = st.lists(st.tuples(TEXTS, LABELS, TEXTS), max_size=6)
QUOTINGS = [getattr(csv, name) for name in dir(csv) if name.startswith("QUOTE_")]
PACKS = st.sampled_from([*PACK])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples of a law."""
    return tmp_path_factory.mktemp("readers")


def expect(folder: Path, content: bytes, way: Way, table: list[tuple[str, str, str]]) -> None:
    rows = kept(folder, content, way)
    assert rows is not None
    assert all(isinstance(row, Row) for row in rows)
    assert [(row.text, row.label, *row.fields.values()) for row in rows if isinstance(row, Row)] == table


def plain(value: str, delimiter: str) -> bool:
    return bool(value) and not any(character in value for character in f'{delimiter}"\r\n')


def as_csv(row: Sequence[str], delimiter: str, quoting: int) -> str:
    """Write one row by Python, which before 3.13 quotes only those line ends that it writes itself."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerow(row)  # type: ignore[arg-type]
    return written.getvalue().removesuffix("\r\n")


@given(
    TABLES,
    st.sampled_from(QUOTINGS),
    st.sampled_from(["csv", "tsv"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
    PACKS,
)
def test_csv_comes_back_as_csv_wrote_it(
    folder: Path,
    table: list[tuple[str, str, str]],
    quoting: int,
    form: str,
    end: str,
    marked: bool,
    ended: bool,
    pack: str,
) -> None:
    """Without quotes only what needs none can be written."""
    delimiter = {"csv": ",", "tsv": "\t"}[form]
    if quoting == csv.QUOTE_NONE:
        table = [row for row in table if all(plain(value, delimiter) for value in row)]
    rows = (as_csv(row, delimiter, quoting) for row in [("text", "label", "id"), *table])
    content = end.join(rows) + (end if ended else "")
    strict = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    assert [*strict][1:] == [list(row) for row in table], "the oracle itself"
    expect(folder, (b"\xef\xbb\xbf" if marked else b"") + content.encode(), Way(form, pack, with_labels=True), table)


@given(TABLES, st.booleans(), st.sampled_from(["\n", "\r\n", "\n\n"]), PACKS)
def test_json_lines_come_back_as_json_wrote_them(
    folder: Path, table: list[tuple[str, str, str]], escaped: bool, end: str, pack: str
) -> None:
    records = (dict(zip(("text", "label", "id"), row, strict=True)) for row in table)
    content = "".join(json.dumps(record, ensure_ascii=escaped) + end for record in records)
    expect(folder, content.encode(), Way("jsonl", pack, with_labels=True), table)


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SIMPLE, lambda one: st.lists(one) | st.dictionaries(TEXTS, one), max_leaves=4)
NAMED = st.lists(TEXTS.filter(lambda name: name not in ("text", "label")), unique=True, max_size=3)


@st.composite
def objects(draw: st.DrawFn) -> dict[str, Any]:
    """An object with a text, a label and keys of any name and value, in any order."""
    others = {name: draw(VALUES) for name in draw(NAMED)}
    record = {"text": draw(TEXTS), "label": draw(LABELS | st.integers()), **others}
    return {name: record[name] for name in draw(st.permutations([*record]))}


@given(st.lists(objects(), max_size=4), st.booleans(), PACKS)
def test_objects_of_json_lines_come_back_whatever_their_keys_and_values(
    folder: Path, records: list[dict[str, Any]], escaped: bool, pack: str
) -> None:
    lines = [json.dumps(record, ensure_ascii=escaped) + "\n" for record in records]
    rows = kept(folder, "".join(lines).encode(), Way("jsonl", pack, with_labels=True))
    assert rows is not None
    for row, record in zip(rows, records, strict=True):
        assert isinstance(row, Row)
        formatted = {
            key: v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False)
            for key, v in record.items()
        }
        assert {"text": row.text, "label": row.label, **row.fields} == formatted
        assert list(row.fields) == [key for key in record if key not in ("text", "label")]


@given(NAMED, st.data(), st.sampled_from(["csv", "tsv", "parquet"]))
def test_columns_come_back_whatever_their_names_and_order(
    folder: Path, others: list[str], data: st.DataObject, form: str
) -> None:
    header = data.draw(st.permutations(["text", "label", *others]))
    one = st.fixed_dictionaries({name: LABELS if name == "label" else TEXTS for name in header})
    records, written = data.draw(st.lists(one, max_size=4)), io.BytesIO()
    if form == "parquet":
        columns = {name: pa.array([record[name] for record in records], pa.string()) for name in header}
        pq.write_table(pa.table(columns), written)
    else:
        table = [header, *([record[name] for name in header] for record in records)]
        delimiter = {"csv": ",", "tsv": "\t"}[form]
        written.write("\n".join(as_csv(row, delimiter, csv.QUOTE_ALL) for row in table).encode())
    rows = kept(folder, written.getvalue(), Way(form, with_labels=True))
    assert rows is not None
    assert [{"text": row.text, "label": row.label, **row.fields} for row in rows if isinstance(row, Row)] == records


@given(TABLES, PACKS)
def test_parquet_comes_back_as_pyarrow_wrote_it(folder: Path, table: list[tuple[str, str, str]], pack: str) -> None:
    columns = [pa.array([row[place] for row in table], pa.string()) for place in range(3)]
    written = io.BytesIO()
    pq.write_table(pa.table(columns, names=["text", "label", "id"]), written, row_group_size=2)
    expect(folder, written.getvalue(), Way("parquet", pack, with_labels=True), table)


ONE_LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from(" \té\u2028"))
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1)


@given(
    st.lists(st.tuples(ONE_LINE.filter(lambda text: "__label__" not in text), WORDS)),
    st.sampled_from(["\n", "\r\n"]),
    PACKS,
)
def test_lines_of_fasttext_come_back_as_they_were_written(
    folder: Path, table: list[tuple[str, str]], end: str, pack: str
) -> None:
    content = "".join(f"__label__{label} {text}{end}" for text, label in table).encode()
    rows = kept(folder, content, Way("fasttext", pack, with_labels=True))
    assert rows is not None
    assert [(row.text, row.label) for row in rows if isinstance(row, Row)] == table


WAYS = st.builds(
    Way,
    st.sampled_from(FORMATS),
    PACKS,
    st.sampled_from(["utf-8", "utf-8", "utf-16", "latin-1", "shift-jis"]),
    st.sampled_from([10_000_000, 7, 40]),
    st.booleans(),
)
PIECES = st.sampled_from(
    [
        *(b'"', b'""', b",", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xe9", b"\xc3\xa9", b"a", b"{", b"__label__a "),
        *(b"text", b"label", b"text,label\n", b"text\tlabel\n", b'{"text": "a", "label": "b"}\n'),
        *(b"\xef\xbb\xbf", b"\xff\xfe", b"PAR1", *PACKED),
    ]
)


@settings(max_examples=600)
@given(st.lists(PIECES, max_size=25).map(b"".join) | st.binary(max_size=80), WAYS)
def test_any_bytes_are_rows_used_or_reported_or_an_error_of_ours(folder: Path, content: bytes, way: Way) -> None:
    kept(folder, content, way)


FOUND: dict[str, tuple[bytes, Way]] = {  # by the fuzzer or by Hypothesis, each a fault that was mended
    "a mark before a line that is too long": (b"\xef\xbb\xbftext,label\n", Way("jsonl", max_row_length=7)),
    "many CR in a line that is too long": (b"\0" + b"\r" * 17 + b'\xb6\n"\n', Way("jsonl", max_row_length=7)),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_the_fuzzer_found_stays_mended(folder: Path, case: str) -> None:
    kept(folder, *FOUND[case])
