"""Damaged files → exactly what `train`, `evaluate` and `predict` say of them: every row is used, or told with a reason.

`train` and `evaluate` stop at a bad row, or list it under --skip-bad-rows; `predict` answers every row.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.laws.damaged_files.file import Bad, File
from tests.laws.damaged_files.formats import FORMATS
from tests.laws.damaged_files.rows import ROWS
from tests.laws.damaged_files.whole import WHOLE

FILES = WHOLE | ROWS | FORMATS
SETTLED = ["--encoder", "average", "--embedding-dim", "4", "--hidden-size", "4", "--max-epochs", "1"]


@pytest.fixture(params=FILES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[File, Path]:
    """A damaged file, written."""
    file = FILES[request.param]
    path = tmp_path / file.name
    if isinstance(file.content, bytes):
        path.write_bytes(file.content)
    else:
        file.content(path)
    return file, path


def told(place: Bad) -> str:
    number, lines, reason = place
    return f"row {number} ({lines}): {reason}" if lines else f"row {number}: {reason}"


def expected_refusal(file: File, refused: str) -> str:
    bad = sorted(file.bad + file.without_label)
    return refused or (f"{len(bad)} of {file.rows} rows can't be used: {'; '.join(map(told, bad))}" if bad else "")


def without_advice(lines: list[str]) -> list[str]:
    """Cut what to do off the error, which is the last line."""
    return [line.split(". ")[0] if line.startswith("Error: ") else line for line in lines]


def lines_about(path: Path, done: Any) -> list[str]:
    said = [line for line in done.err.splitlines() if str(path) in line]
    lines = [line for line in said if not line.startswith("Data: ")]  # what its texts repeat, tests/terminal tell
    return [line.replace(f"{path}", "PATH") for line in lines]


def expect_labelled(file: File, path: Path, refused: str, run: Callable[..., Any]) -> None:
    """Run a command that wants labels, without and with --skip-bad-rows."""
    said = [f"PATH: {line}" for line in file.said]
    if refusal := expected_refusal(file, refused):
        done = run()
        assert done.code == 1
        assert without_advice(lines_about(path, done)) == [*(said if file.rows else []), f"Error: PATH: {refusal}"]
        assert done.out == ""
    done = run("--skip-bad-rows")
    bad = sorted(file.bad + file.without_label)
    if refused:
        listed = [f"skipped PATH, {told(row)}" for row in bad]
        report = [*(said if file.rows else []), *listed, f"Error: PATH: {refused}"]
        assert (done.code, without_advice(lines_about(path, done))) == (1, report)
        return
    found = lines_about(path, done)
    assert [line for line in found if " labels" not in line] == [
        *said,
        *(f"skipped PATH, {told(row)}" for row in bad),
        *(f"PATH: {line}" for line in file.said_of_labels),
    ]
    if file.rows - len(bad) >= 4:  # else too few are left to train on
        assert done.code == 0, done.err
    elif done.code:
        found = [line for line in found if not line.startswith("Error")]
    (counted,) = [line for line in found if " labels" in line]
    assert counted.startswith(f"PATH: {file.rows} rows, {file.rows - len(bad)} used, ")


def test_train_stops_or_lists(unrolled: Callable[..., Any], case: tuple[File, Path], tmp_path: Path) -> None:
    file, path = case
    words = ["train", path, "-o", tmp_path / "model", *SETTLED, *file.words]
    refused = file.refused or file.no_labels or file.no_training
    expect_labelled(file, path, refused, lambda *more: unrolled(*words, *more))


def test_evaluate_stops_or_lists(unrolled: Callable[..., Any], case: tuple[File, Path], model: Path) -> None:
    file, path = case
    words = ["evaluate", model, path, *file.words]
    expect_labelled(file, path, file.refused or file.no_labels, lambda *more: unrolled(*words, *more))


def test_predict_answers_every_row(unrolled: Callable[..., Any], case: tuple[File, Path], model: Path) -> None:
    file, path = case
    tracemalloc.start()
    done = unrolled("predict", model, path, *file.words)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80_000_000, "also of a line of 100 MB no more than the limit is held"
    if refused := file.refused or file.no_prediction:
        assert (done.code, done.out) == (1, "")
        assert without_advice(lines_about(path, done)) == [f"Error: PATH: {refused}"]
        return
    reasons = {number: reason for number, _, reason in file.bad}
    answers = done.answers
    assert [answer["row"] for answer in answers] == list(range(1, file.rows + 1))
    assert {answer["row"]: answer["error"] for answer in answers if "error" in answer} == reasons
    assert all(answer["label"] for answer in answers if "error" not in answer)
    assert lines_about(path, done) == [f"PATH: {line}" for line in file.said]
    assert ("couldn't be read" in done.err) == bool(reasons)


def test_there_are_enough_files() -> None:
    assert len(FILES) >= 25


def test_a_label_only_in_the_test_file_is_told(
    unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path, model: Path
) -> None:
    (tmp_path / "test.csv").write_bytes(b"text,label\nfine,good\nawful,awful\n")
    line = "Labels that the model doesn't know, counted as wrong: awful (1 row)"
    done = unrolled("evaluate", model, tmp_path / "test.csv")
    assert done.out.splitlines()[-1] == line
    done = unrolled("train", train_csv, "--test", tmp_path / "test.csv", "-o", tmp_path / "model", *SETTLED)
    assert line in done.out.splitlines()
