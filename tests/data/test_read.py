"""The format is told by the path or by name; whatever can't be opened fails at the call; memory stays constant."""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
from pathlib import Path

import pytest

from tests.each import each
from unrolled.data.read import read_rows, reader_of
from unrolled.data.rows import Row
from unrolled.errors import SettingError, UnrolledError

_CONTENTS = {
    "reviews.csv": "text,label\nfine,pos\n",
    "reviews.TSV": "text\tlabel\nfine\tpos\n",
    "reviews.jsonl": '{"text": "fine", "label": "pos"}\n',
    "reviews/pos/1.txt": "fine",
}


@pytest.mark.parametrize("name", _CONTENTS)
def test_the_path_tells_the_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_CONTENTS[name])
    (row,) = read_rows(str(tmp_path / Path(name).parts[0]))
    assert isinstance(row, Row)
    assert (row.text, row.label) == ("fine", "pos")


def test_a_named_format_stands_above_the_suffix(tmp_path: Path) -> None:
    path = tmp_path / "reviews.txt"
    path.write_text("text,label\nfine,pos\n")
    (row,) = read_rows(str(path), format="csv")
    assert isinstance(row, Row)
    assert row.text == "fine"
    assert len(list(read_rows(str(path), label_column=None))) == 2


class _Standard:
    """Standard input of given bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize(
    ("named", "content"), [(None, b"one\ntwo"), ("csv", b"text\none\ntwo"), ("text", b"one\ntwo\n")]
)
def test_a_dash_is_standard_input_and_text_unless_named(
    monkeypatch: pytest.MonkeyPatch, named: str | None, content: bytes
) -> None:
    standard = _Standard(content)
    monkeypatch.setattr(sys, "stdin", standard)
    rows = list(read_rows("-", format=named, label_column=None))
    assert [row.text for row in rows if isinstance(row, Row)] == ["one", "two"]
    assert rows[0].where.startswith("standard input, ")
    assert not standard.buffer.closed


def _refused(source: Path | str, named: str | None = None, label_column: str | None = "label") -> UnrolledError:
    with pytest.raises(UnrolledError) as caught:
        read_rows(str(source), format=named, label_column=label_column)
    return caught.value


def test_what_cannot_be_opened_is_refused_at_the_call(tmp_path: Path) -> None:
    (tmp_path / "reviews.xlsx").write_text("")
    (tmp_path / "texts.txt").write_text("fine\n")
    for named in reader_of():
        assert "no such file or folder" in str(_refused(tmp_path / "gone", named, None))
    for named in set(reader_of()) - {"folder"}:
        assert "a folder, not a file" in str(_refused(tmp_path, named, None))
    assert "no such file or folder" in str(_refused(tmp_path / "gone"))
    assert "no such file or folder" in str(_refused(""))
    assert "Not a directory" in str(_refused(tmp_path / "texts.txt" / "a.csv"))
    assert "Name it with --format." in str(_refused(tmp_path / "reviews.xlsx"))
    assert "plain text has no labels" in str(_refused(tmp_path / "texts.txt", "text"))
    assert "standard input: plain text has no labels" in str(_refused("-"))
    unknown = _refused(tmp_path / "texts.txt", "cvs")
    assert isinstance(unknown, SettingError)
    assert "Did you mean 'csv'?" in str(unknown)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "txt"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"many.{suffix}"
    text = "word " * 100
    line = json.dumps({"text": text}) if suffix == "jsonl" else text
    path.write_text(("text\n" if suffix == "csv" else "") + f"{line}\n" * 4_000)
    tracemalloc.start()
    for _ in read_rows(str(path), label_column=None):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 2_000_000
    assert peak < 200_000


def test_a_delimiter_is_for_csv_and_tsv_alone(tmp_path: Path) -> None:
    for named in reader_of():
        path = tmp_path / f"reviews.{named}"
        path.write_text("text;label\nfine;pos\n")
        if named in ("csv", "tsv"):
            (row,) = read_rows(str(path), format=named, delimiter=";")
            assert isinstance(row, Row)
            assert (row.text, row.label) == ("fine", "pos")
        else:
            with pytest.raises(SettingError, match="--delimiter is for csv and tsv"):
                read_rows(str(path), format=named, delimiter=";")


@each("named", ["csv", "tsv", "jsonl", "parquet"])
@each(("text", "label"), [("text,label", "label"), ("label", "label"), ("a,b", "a,b")])
def test_a_label_within_the_text_is_refused(named: str, text: str, label: str) -> None:
    with pytest.raises(SettingError, match="is both --label-column and --text-column"):
        read_rows("-", format=named, text_column=text, label_column=label)
