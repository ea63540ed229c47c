"""Names of output files → the format of what they hold, or refused where the name says something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.each import each
from unrolled.errors import MissingExtraError, SettingError
from unrolled.prediction.output_format import ANSWERS, format_of, packing_of


@each("packing", ["", ".gz", ".zst", ".GZ"])
@each(
    ("name", "chosen", "form"),
    [
        *(("a.csv", None, "csv"), ("a.TSV", None, "tsv"), ("a.jsonl", None, "jsonl"), ("a.ndjson", None, "jsonl")),
        *(("a", None, "jsonl"), ("a.txt", "csv", "csv"), ("a.out", None, "jsonl"), ("a.2026-12-01", "tsv", "tsv")),
        *(("a.csv", "csv", "csv"), (".csv", None, "jsonl"), ("a.parquet.csv", None, "csv"), ("a.1", None, "jsonl")),
    ],
)
def test_the_suffix_names_the_format_else_it_is_chosen_else_json_lines(
    name: str, chosen: Any, form: str, packing: str
) -> None:
    assert format_of(Path(name + packing), ANSWERS, chosen) == form
    assert packing_of(Path(name + packing)) == {"": None, ".gz": "gzip", ".zst": "zstd", ".GZ": "gzip"}[packing]


@pytest.mark.parametrize("chosen", [None, "csv"])
@pytest.mark.parametrize("output", [None, Path("-")])
def test_standard_output_has_the_chosen_format_else_json_lines(output: Path | None, chosen: Any) -> None:
    assert format_of(output, ANSWERS, chosen) == (chosen or "jsonl")


OTHERS = "parquet xlsx json JSON xls ods html bz2 zip csv.bz2 pkl sqlite 7z feather docx"


@each("chosen", [None, "jsonl", "csv"])
@each("name", [f"a.{suffix}" for suffix in OTHERS.split()])
def test_another_format_is_never_written_under_its_name(name: str, chosen: Any) -> None:
    for packing in ("", ".gz"):
        with pytest.raises(SettingError, match=r"\.jsonl \.ndjson \.csv \.tsv \.txt \.out"):
            format_of(Path(name + packing), ANSWERS, chosen)


@pytest.mark.parametrize(("name", "chosen"), [("a.csv", "tsv"), ("a.jsonl.gz", "csv"), ("a.tsv", "jsonl")])
def test_a_chosen_format_that_contradicts_the_suffix_is_refused(name: str, chosen: Any) -> None:
    with pytest.raises(SettingError, match=f"suffix says .*'{chosen}'"):
        format_of(Path(name), ANSWERS, chosen)


@pytest.mark.parametrize(
    ("link", "target", "is_right"),
    [
        *(("l.csv", "t.csv", True), ("l.csv", "t", True), ("l", "t.jsonl", True), ("l.csv.gz", "t.gz", True)),
        *(("l.csv", "t.tsv", False), ("l", "t.csv", False), ("l.csv.gz", "t.csv", False), ("l.csv", "t.xlsx", False)),
    ],
)
def test_a_link_and_what_it_leads_to_name_no_two_formats(
    link: str, target: str, is_right: bool, tmp_path: Path
) -> None:
    (tmp_path / link).symlink_to(target)
    if is_right:
        format_of(tmp_path / link, ANSWERS)
        return
    with pytest.raises(SettingError, match=f"link leads to .*{target}.*another format"):
        format_of(tmp_path / link, ANSWERS)


def test_a_packing_whose_package_is_missing_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unrolled.environment.packages.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"unrolled\[files\]"):
        format_of(Path("a.csv.zst"), ANSWERS)
    assert format_of(Path("a.csv.gz"), ANSWERS) == "csv"
