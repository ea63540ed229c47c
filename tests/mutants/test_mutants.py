"""A toy module and its tests → one mutant killed, one survivor, one that loops; and all found again after renaming."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutants import reach, run, select_tests, table
from tests.mutants.draw import draw
from tests.mutants.find import find
from tests.mutants.functions import Function, functions
from tests.mutants.mutations import mutations
from tests.mutants.run import Trial, Verdict
from tests.mutants.table import Row

TOY = '''
from time import sleep

def smallest(numbers: list[int]) -> int:
    """Return 1 + 1."""
    if not numbers:
        raise ValueError("no numbers: " + str(len(numbers)))
    return min(numbers)

def widen(width: int) -> int:
    step = width + 1
    return step

def count(most: int) -> int:
    found = 0
    while found < most:
        sleep(0.01)
        found += 1
    return found
'''
RENAMED = '''
def widened(size: int) -> int:
    """Another sentence."""
    from math import inf
    step = size + 1
    return step

def minimum(values, names=()):
    if not values:
        raise TypeError
    return min(values)
'''
TESTS = """
import validation

def test_smallest():
    assert validation.smallest([2, 1]) == 1

def test_widen():
    validation.widen(1)

def test_count():
    assert validation.count(3) == 3
"""


def drawn(source: str = TOY) -> list[Row]:
    return draw(functions("validation.py", source), seed=1, per_area=100)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder, name, content in (("src", "validation.py", TOY), ("tests", "test_validation.py", TESTS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(content, "utf-8")
    build = tmp_path / "build"
    monkeypatch.setattr(reach, "ROOT", tmp_path)
    for module in (reach, run):
        monkeypatch.setattr(module, "SOURCES", tmp_path / "src")
        monkeypatch.setattr(module, "BUILD", build)
    monkeypatch.setattr(run, "LIMIT", 6.0)
    return tmp_path


@pytest.mark.torture
def test_a_mutant_is_run_against_the_tests_that_reach_it_and_killed_or_not(toy: Path) -> None:
    reach.record(workers=1, say=lambda text: None)
    known = reach.load()
    found = {one.key: one for function in functions("validation.py", TOY) for one in mutations(function)}
    keys = ["validation.py:smallest#call#0", "validation.py:widen#arithmetic#0", "validation.py:count#assign#0"]
    stages = [select_tests.stages("validation.py", known.of("validation.py", found[key].place), known) for key in keys]
    assert stages == [[[f"tests/test_validation.py::test_{name}"]] for name in ("smallest", "widen", "count")]
    trials = [Trial(found[key], some) for key, some in zip(keys, stages, strict=True)]
    verdicts: dict[int, Verdict] = dict(run.run(trials, workers=1))
    assert [(verdicts[number].outcome, verdicts[number].test) for number in range(3)] == [
        ("killed", "tests/test_validation.py::test_smallest"),
        ("survived", ""),
        ("killed", "tests/test_validation.py::test_count (loops)"),
    ]


def test_messages_docstrings_and_annotations_are_left_alone() -> None:
    smallest = next(functions("validation.py", TOY))
    assert [(one.kind, one.edit) for one in mutations(smallest)] == [
        ("negate", "not numbers → (not (not numbers))"),
        ("drop not", "not numbers → (numbers)"),
        ("return None", "min(numbers) → None"),
        ("call", "min → max"),
    ]


def test_the_same_seed_draws_the_same_and_the_table_keeps_it(tmp_path: Path) -> None:
    rows = [row.with_outcome("killed", "a[\t]", 2, 0.5) for row in drawn()]
    assert len(rows) > 8
    assert rows == [row.with_outcome("killed", "a[\t]", 2, 0.5) for row in drawn()]
    table.write(rows, tmp_path / "table.tsv")
    assert table.read(tmp_path / "table.tsv") == rows


def today(source: str) -> list[Function]:
    return list(functions("elsewhere/numbers.py", source))


def test_a_mutant_is_found_again_after_a_move_and_a_renaming() -> None:
    rows = [row for row in drawn() if row.function != "count"]
    found = find(rows, today(RENAMED), {})
    assert not found.missing
    assert set(found.how.values()) == {"fingerprint"}
    names = {"smallest": "minimum", "widen": "widened"}
    for row in rows:
        expected = f"elsewhere/numbers.py:{names[row.function]}#{row.kind}#{row.ordinal}"
        assert found.mutants[row.key].key == expected


def test_a_changed_body_is_found_by_its_statement_or_by_the_map() -> None:
    changed = RENAMED.replace("return step", "step *= 7\n    return step").replace("min(values)", "sorted(values)[0]")
    rows = {row.key: row for row in drawn()}
    some = [
        rows["validation.py:widen#arithmetic#0"],
        rows["validation.py:smallest#call#0"],
        rows["validation.py:count#compare#0"],
    ]
    assert find(some, today(changed), {}).missing == [*some[1:]]
    moved = {
        "validation.py:widen": "elsewhere/numbers.py:widened",
        "validation.py:smallest#call#0": "elsewhere/numbers.py:minimum#constant#0",
        "validation.py:count": "gone: nobody counts",
    }
    found = find(some, today(changed), moved)
    assert [one.key.partition(":")[2] for one in found.mutants.values()] == [
        "widened#arithmetic#0",
        "minimum#constant#0",
    ]
    assert found.gone == {"validation.py:count#compare#0": "gone: nobody counts"}
    assert not found.missing


def test_of_functions_of_one_structure_the_one_of_the_likest_line_is_taken() -> None:
    rows = [row for row in drawn("def half(length):\n    return length - 1\n") if row.kind == "arithmetic"]
    both = "def one(total):\n    return total - 1\n\ndef other(length):\n    return length - 1\n"
    found = find(rows, today(both), {})
    assert found.mutants[rows[0].key].function.name == "other"
    assert find([replace(rows[0], kind="compare")], today(both), {}).missing
