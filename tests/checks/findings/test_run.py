"""Files with planted problems → every kind there is, each with exactly its rows; in a clean file nothing."""

from __future__ import annotations

import csv
import random
import re
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.checks.conftest import Pair
from unrolled.checks.findings.affected_rows import affected_rows
from unrolled.checks.findings.finding import SEVERITIES, Finding
from unrolled.checks.findings.run import check
from unrolled.checks.profile.dataset_profile import DatasetProfile, profile_files
from unrolled.checks.profile.encoder_limits import encoder_limits
from unrolled.text import corpus as corpus_file

LONG = max(read.max_length or 0 for read in encoder_limits()) + 1
NEAR = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda my ny xi omikron pi rho sigma tau ypsilon"
DOCUMENT = Path(__file__).parents[3] / "docs" / "check.md"

# What is planted behind 400 clean rows of training and 40 of test: kind → (file, place behind the clean rows)s.
TRAIN: list[Pair] = [
    ("", "yes"),  # 0
    ("lost \ufffd sign here", "yes"),
    ("a cafÃ© in the town", "no"),
    ("bell \x07 rings at noon", "no"),
    ("a <b>bold</b> &amp; new word", "yes"),
    ("12-34 / 56 :: x", "no"),  # 5
    ("copied word for word today", "yes"),
    ("copied word for word today", "yes"),
    ("Copied, word for word: today!", "yes"),
    ("two sides of one coin", "yes"),
    ("two sides of one coin", "no"),  # 10
    ("Many sides of that coin", "yes"),
    ("many sides of that coin!", "no"),
    (NEAR, "no"),
    (f"{NEAR} omega", "no"),
    ("это текст на другом языке", "yes"),  # 15
    ("我喜欢这部电影和它的音乐", "yes"),
    ("a strange label stands here", "Yes "),
    ("the one row of its class", "single"),
    ("whether test rows were seen before", "no"),
    ("whether test rows were seen then", "no"),  # 20
    (NEAR.replace("a", "o"), "yes"),
    (" ".join("abcdefghij"[n % 10] + "oko" + "klmnop"[n % 6] for n in range(LONG)), "no"),
    ("\u200b", "no"),
]
TEST: list[Pair] = [
    ("whether test rows were seen before", "no"),  # 0
    ("Whether test rows were seen ... then", "no"),
    (f"{NEAR.replace('a', 'o')} omega", "yes"),
    ("nobody has seen this label", "unheard"),
]
PLANTED = {
    "empty_texts": [("train", 0), ("train", 23)],
    "replacement_characters": [("train", 1)],
    "mojibake": [("train", 2)],
    "control_characters": [("train", 3)],
    "html": [("train", 4)],
    "few_letters": [("train", 5)],
    "exact_duplicates": [("train", 7)],
    "duplicates_but_for_spelling": [("train", 8)],
    "contradictions": [("train", 9), ("train", 10)],
    "contradictions_but_for_spelling": [("train", 11), ("train", 12)],
    "near_duplicates": [("train", 13), ("train", 14)],
    "unsplit_scripts": [("train", 16)],
    "labels_alike": [("train", 17)],
    "class_of_one_row": [("train", 17), ("train", 18)],
    "imbalance": [],
    "test_rows_in_training": [("test", 0)],
    "test_rows_in_training_but_for_spelling": [("test", 1)],
    "test_rows_nearly_in_training": [("test", 2)],
    "labels_only_in_test": [("test", 3)],
    "labels_only_in_training": [],
    "longer_than_read": [],
}


@pytest.fixture
def planted(profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]) -> DatasetProfile:
    """The clean rows with the problems behind."""
    return profile([*clean(400), *TRAIN], [*clean(40, seed=1), *TEST])


def rows_of(profile: DatasetProfile, finding: Finding) -> list[tuple[str, int]]:
    clean = {"train": 400, "test": 40}
    found = [(Path(problem.file).stem, problem.row - 1) for problem in affected_rows(profile, finding)]
    return sorted((name, row - clean[name]) for name, row in found)


def test_every_planted_problem_is_found_with_exactly_its_rows(planted: DatasetProfile) -> None:
    found = {finding.kind: rows_of(planted, finding) for finding in check(planted)}
    assert found == {kind: sorted(rows) for kind, rows in PLANTED.items()}


def test_a_clean_file_has_no_finding(profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]) -> None:
    assert check(profile(clean(400))) == []
    assert check(profile(clean(400), clean(100, seed=1))) == []


def test_the_most_serious_stands_first(planted: DatasetProfile) -> None:
    severities = [SEVERITIES.index(finding.severity) for finding in check(planted)]
    assert severities == sorted(severities)
    assert len(set(severities)) == 3


def named(profile: DatasetProfile, finding: Finding) -> set[tuple[str, str]]:
    return {(problem.text, problem.label or "") for problem in affected_rows(profile, finding)}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing_but_their_numbers(
    profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]], planted: DatasetProfile, seed: int
) -> None:
    chance = random.Random(seed)
    train, test = [*clean(400), *TRAIN], [*clean(40, seed=1), *TEST]
    moved = profile(chance.sample(train, len(train)), chance.sample(test, len(test)))
    before, after = check(planted), check(moved)
    for one, other in zip(before, after, strict=True):
        told = ("kind", "severity", "count", "of", "meaning", "advice", "details")
        assert [getattr(one, key) for key in told] == [getattr(other, key) for key in told]
        if one.kind != "duplicates_but_for_spelling":  # which is told is the later one
            assert named(planted, one) == named(moved, other)


def test_a_class_that_is_alone_and_no_rows_at_all_are_findings(profile: Callable[..., DatasetProfile]) -> None:
    for rows in ([], [("one", "a"), ("two", "a")]):
        (finding,) = check(profile(rows))
        assert (finding.kind, finding.severity, finding.count) == ("one_class", "error", len({*rows} and {"a"}))


def test_several_scripts_are_noted(profile: Callable[..., DatasetProfile], clean: Callable[..., list[Pair]]) -> None:
    rows = clean(50)
    for row in (3, 4, 7):
        rows[row] = (f"это текст номер {'абвгдежз'[row]}", rows[row][1])
    found = {finding.kind: finding.rows.tolist() for finding in check(profile(rows))}
    assert found["several_scripts"] == [3, 4, 7]


def test_a_bad_row_is_a_finding_and_never_a_stop(tmp_path: Path, clean: Callable[..., list[Pair]]) -> None:
    lines = [f"{text},{label}\n" for text, label in clean(100)]
    lines[30:30] = ["too,many,fields\n", "no label, \n", 'wrong "quoting" is none,yes\n', '"really" wrong,no\n']
    (tmp_path / "bad.csv").write_text("text,label\n" + "".join(lines))
    seen = profile_files([str(tmp_path / "bad.csv")])
    (finding,) = check(seen)
    assert (finding.kind, finding.severity, finding.count, finding.of) == ("bad_rows", "error", 3, 104)
    told = [(problem.row, problem.problem, problem.label) for problem in affected_rows(seen, finding)]
    assert told == [(row, "bad_rows", None) for row in (31, 32, 34)]
    assert len(seen) == 101


def test_the_document_names_every_kind() -> None:
    (table,) = re.findall(r"^\| finding .*?\n\n", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    kinds = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    others = {"bad_rows", "one_class", "one_word_leaks", "telling_words", "several_scripts"}
    assert kinds == {*PLANTED, *others}


def kept_and_peak(path: Path, rows: Sequence[Pair]) -> tuple[int, int]:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    tracemalloc.start()
    seen = profile_files([str(path)])
    kept = tracemalloc.get_traced_memory()[0]
    check(seen)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return kept, peak


@pytest.mark.torture
def test_memory_grows_by_some_hundred_bytes_a_row_and_not_with_the_texts(
    tmp_path: Path, clean: Callable[..., list[Pair]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CHARACTERS", "WORDS"):
        monkeypatch.setattr(corpus_file, name, 1 << 15)  # blocks are small beside the rows
    few, many = 1_000, 9_000
    kept_and_peak(tmp_path / "first.csv", clean(100))  # what is imported and remembered once
    small, large = (kept_and_peak(tmp_path / "some.csv", clean(count)) for count in (few, many))
    kept, peak = ((large[place] - small[place]) / (many - few) for place in (0, 1))
    assert kept < 100
    assert peak < 500
    longer = [(" ".join([text] * 5), label) for text, label in clean(many)]
    assert kept_and_peak(tmp_path / "long.csv", longer)[0] < 1.1 * large[0] + 100_000
