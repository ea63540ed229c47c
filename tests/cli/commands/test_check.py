"""Files of labelled texts → what `check` prints, as JSON, as a list of fixes and as a table; and its exit codes."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = (Path(__file__).parents[3] / "docs" / "check.md").read_text("utf-8")
COLUMNS = ["file", "row", "place", "problem", "label", "other_file", "other_row", "other_label", "similarity"]
COLUMNS += ["suggestion", "text"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The files of the document, in the folder where the command is run."""
    monkeypatch.chdir(tmp_path)
    names = ("questions.csv", "more.csv")
    for name, block in zip(names, blocks("csv"), strict=True):
        Path(name).write_text(block, "utf-8")
    return names


def test_the_document_shows_what_is_printed(unrolled: Callable[..., Any], files: tuple[str, str]) -> None:
    done = unrolled("check", files[0], "--test", files[1])
    assert (done.code, done.err) == (0, "")
    (shown,) = blocks("text")
    assert done.out == shown
    assert max(map(len, done.out.splitlines())) <= 80


def keys_of(document: str, key: str) -> list[str]:
    (row,) = re.findall(rf"^\| `{key}` \| .*?`{{(.*?)}}`", document, re.MULTILINE)
    return re.findall(r'"(\w+)"', row)


def test_json_has_exactly_the_documented_keys(unrolled: Callable[..., Any], files: tuple[str, str]) -> None:
    (found,) = unrolled("check", files[0], "--test", files[1], "--json").answers
    assert list(found) == ["files", "classes", "words", "reads", "findings", "errors", "warnings", "notes"]
    for key in ("files", "classes", "reads", "findings"):
        assert found[key]
        assert all(list(each) == keys_of(DOCUMENT, key) for each in found[key]), key
    assert found["files"] == [
        {"file": "questions.csv", "rows": 12, "used": 10, "bad": 2},
        {"file": "more.csv", "rows": 3, "used": 3, "bad": 0},
    ]
    examples = [example for finding in found["findings"] for example in finding["examples"]]
    assert examples
    assert all(
        list(each) == [name for name in COLUMNS if name not in ("problem", "suggestion")] + ["text"] * 0
        for each in examples
    )
    severities = [finding["severity"] for finding in found["findings"]]
    assert [found[f"{name}s"] for name in ("error", "warning", "note")] == [
        severities.count(name) for name in ("error", "warning", "note")
    ]


def test_the_list_of_fixes_has_every_row_of_every_finding(unrolled: Callable[..., Any], files: tuple[str, str]) -> None:
    done = unrolled("check", files[0], "--test", files[1], "-o", "fixes.csv", "--json")
    with open("fixes.csv", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    assert header == COLUMNS
    assert done.err == f"{len(rows)} rows to fix in fixes.csv\n"
    told = [dict(zip(header, row, strict=True)) for row in rows]
    (found,) = done.answers
    for finding in found["findings"]:
        own = [row for row in told if row["problem"] == finding["kind"]]
        assert len(own) >= len(finding["examples"])
        for row, example in zip(own, finding["examples"], strict=False):
            assert {key: row[key] for key in example} == {
                key: "" if value is None else str(value) for key, value in example.items()
            }
    bad = [(row["row"], row["label"], row["text"]) for row in told if row["problem"] == "bad_rows"]
    assert bad == [("11", "", "expected 2 fields, got 3"), ("12", "", "the label is empty (in 'label')")]
    assert all(row["suggestion"] for row in told)
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []


def test_no_cell_of_the_list_is_run_by_a_spreadsheet(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    rows = [{"text": text, "label": label} for text in ("=1+1", "\x1b[2Jx") for label in ("@a", "-1")]
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert unrolled("check", tmp_path / "texts.jsonl", "-o", tmp_path / "fixes.csv.gz").code == 0
    told = list(csv.DictReader(gzip.decompress((tmp_path / "fixes.csv.gz").read_bytes()).decode().splitlines()))
    assert {(row["label"], row["text"]) for row in told if row["label"]} == {
        (label, text) for label in ("'@a", "-1") for text in ("'=1+1", "\\x1b[2Jx")
    }


@pytest.mark.parametrize("name", ["fixes.xlsx", "fixes.json", "fixes.tsv", "fixes.parquet"])
def test_a_list_that_is_no_csv_is_refused(unrolled: Callable[..., Any], files: tuple[str, str], name: str) -> None:
    assert ".csv" in unrolled("check", files[0], "-o", name).error(2)
    assert unrolled("check", files[0], "-o", "fixes.txt").code == 0


def test_an_older_list_which_may_be_edited_is_kept(unrolled: Callable[..., Any], files: tuple[str, str]) -> None:
    for number in (0, 1, 2):
        done = unrolled("check", files[0], "-o", "older.csv", "--force")
        assert done.code == 0
        assert (f"kept in older.{number}.csv" in done.err) == bool(number)
        with open("older.csv", "a", encoding="utf-8") as file:
            file.write("mine\n")
    assert [Path(f"older{number}.csv").read_text().count("mine") for number in ("", ".1", ".2")] == [1, 1, 1]
    Path("notes.csv").write_text("mine")
    assert "isn't an output of this command" in unrolled("check", files[0], "-o", "notes.csv", "--force").error()
    assert Path("notes.csv").read_text() == "mine"


def test_a_dash_prints_the_list_alone(unrolled: Callable[..., Any], files: tuple[str, str]) -> None:
    done = unrolled("check", files[0], "-o", "-")
    assert done.code == 0
    assert done.out.splitlines()[0] == ",".join(COLUMNS)
    assert done.err == f"{len(list(csv.reader(done.out.splitlines()))) - 1} rows to fix\n"


@pytest.mark.parametrize(("text", "code"), [("", 0), ("one more\x07", 1)])
def test_strict_ends_with_1_if_there_is_more_than_a_note(
    unrolled: Callable[..., Any], tmp_path: Path, text: str, code: int
) -> None:
    rows = [{"text": f"<b>{word}</b> {word} again", "label": "ab"[n % 2]} for n, word in enumerate("ijklmn")]
    rows += [{"text": text, "label": "a"}] * bool(text)
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = unrolled("check", tmp_path / "texts.jsonl", "--strict")
    assert done.code == code
    assert "note     html" in done.out
    assert unrolled("check", tmp_path / "texts.jsonl").code == 0


def test_standard_input_and_folders_are_read_too(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    told = b"subject,body,kind\none,two three,a\none,two three,b\n"
    done = unrolled(
        "check", "-", "--format", "csv", "--text-column", "subject,body", "--label-column", "kind", stdin=told
    )
    assert "contradictions" in done.out
    assert "standard input, row 1 (line 2) = row 2 (b)" in done.out
    for label in "ab":
        (tmp_path / label).mkdir()
        (tmp_path / label / "1.txt").write_text("one two three")
    assert "a/1.txt, row 1 = row 2 (b)" in unrolled("check", tmp_path).out


def test_a_terminal_obeys_nothing_that_a_file_says(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text('text,label\n"\x1b[2Jgone\nnext",a\nother,"b\x1b[2J"\nother,"b\x1b[2j"\n')
    out = unrolled("check", tmp_path / "bad.csv").out
    assert "control characters" in out
    assert "\x1b" not in out
