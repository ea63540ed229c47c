"""Rows of JSON Lines, of which none, some or the last have the wanted keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unrolled.data.json_keys import HELD
from unrolled.data.readers.json_lines import read_json_lines
from unrolled.data.rows import BadRow, Row
from unrolled.errors import DataError


def read(path: Path, records: list[Any], label: str | None = "label") -> list[Row | BadRow]:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return list(read_json_lines(str(path), text_column="text", label_column=label))


@pytest.mark.parametrize("place", [0, 1, HELD - 1])
def test_keys_that_come_later_take_no_row_away(tmp_path: Path, place: int) -> None:
    records = [{"body": "x"}] * HELD
    records[place] = {"text": "t", "label": "l"}
    rows = read(tmp_path / "a.jsonl", records)
    assert [row.number for row in rows] == [*range(1, HELD + 1)]
    assert [row.number for row in rows if isinstance(row, Row)] == [place + 1]


def test_each_wanted_key_may_be_missing_somewhere(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.jsonl", [{"text": "t"}, {"label": "l"}, 3])
    assert [row.reason for row in rows if isinstance(row, BadRow)] == [
        "no key 'label'",
        "no key 'text'",
        "expected a JSON object, got 3",
    ]


@pytest.mark.parametrize("count", [1, 5, HELD + 5])
def test_a_key_that_no_object_has_is_an_error(tmp_path: Path, count: int) -> None:
    with pytest.raises(DataError, match=r"no column 'label'; the columns are text, n\. .* with --label-column"):
        read(tmp_path / "a.jsonl", [7, *({"text": "t", "n": n} for n in range(count))])
    assert len(read(tmp_path / "a.jsonl", [{"text": "t"}] * count, label=None)) == count


def test_where_there_is_no_object_every_row_is_reported(tmp_path: Path) -> None:
    assert [type(row) for row in read(tmp_path / "a.jsonl", [1, "x", []])] == [BadRow] * 3
    assert read(tmp_path / "a.jsonl", []) == []
