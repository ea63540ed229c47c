"""Whatever stands in the files → lines that fit a terminal of 80 columns and hide no finding."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.checks.findings.run import check
from unrolled.checks.profile.dataset_profile import profile_files
from unrolled.cli.findings_table import as_text

anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


def columns(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in line)
    return len(line) + wide - sum(unicodedata.combining(character) > 0 for character in line)


@settings(max_examples=40)
@given(st.lists(st.tuples(anything, anything), max_size=30), st.lists(st.tuples(anything, anything), max_size=5))
def test_lines_fit_and_every_finding_has_its_title(rows: list[tuple[str, str]], test: list[tuple[str, str]]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        for name, pairs in (("a.csv", rows), ("b.csv", test)):
            with Path(folder, name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([("text", "label"), *pairs])
        seen = profile_files([f"{folder}/a.csv", f"{folder}/b.csv"])
        findings = check(seen)
        told = as_text(seen, findings)
    assert all(character.isprintable() or character == "\n" for character in told)
    lines = told.split("\n")
    for finding in findings:
        title = re.compile(rf"{finding.severity:<8} {finding.kind.replace('_', ' ')} +\d")
        assert len([line for line in lines if title.match(line)]) == 1
    assert max(map(columns, lines)) <= 80


def test_a_near_duplicate_is_never_told_as_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("text,label\nbalance of the account -50,a\nbalance of the account 50,b\n")
    seen = profile_files(["a.csv"])
    told = as_text(seen, [finding for finding in check(seen) if finding.kind == "near_duplicates"])
    assert "a.csv, row 1 (line 2) 100 % like row 2 (b)" in told
