"""A file that is cut off and gone on with → the bytes of one that wasn't, and nothing beside it in the end."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from unrolled.errors import DataError, FolderError
from unrolled.prediction import resumable_output
from unrolled.prediction.resumable_output import opened
from unrolled.prediction.stream import Counts
from unrolled.storage.file_lock import acquire

RUN: Mapping[str, Any] = {"model": "m", "threads": 1}
LINES = [f"line {number} é\n" * 50 for number in range(6)]
WHOLE = "".join(LINES).encode()


class CutOffError(Exception):
    """Stands for whatever ends a run early."""


@pytest.fixture(autouse=True)
def every_save_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record at every save, however soon after the one before."""
    monkeypatch.setattr(resumable_output, "SECONDS", 0)


def run(output: Path, *, until: int = 99, force: bool = False, resume: bool = False, run: Any = RUN) -> int | None:
    """Write the lines, saving after each → from which one on; it is cut off after the line `until` was written."""
    with opened(output, lambda: run, force=force, resume=resume) as partial:
        if partial is None:
            return None
        first = partial.progress.counts.rows if partial.progress else 0
        for number, line in enumerate(LINES[first:], start=first + 1):
            partial.file.write(line)
            if number == until:
                raise CutOffError
            partial.save(Counts(rows=number), hashlib.sha256().hexdigest())
    return first


def cut_off(output: Path, until: int, **more: Any) -> None:
    with pytest.raises(CutOffError):
        run(output, until=until, **more)


def beside(output: Path) -> list[str]:
    return sorted(path.name for path in output.parent.iterdir() if path != output)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the answers go."""
    return tmp_path / "out.jsonl"


def test_a_whole_run_leaves_the_file_alone(output: Path) -> None:
    assert run(output) == 0
    assert output.read_bytes() == WHOLE
    assert beside(output) == []
    (output.parent / "any").touch()
    assert output.stat().st_mode == (output.parent / "any").stat().st_mode


@pytest.mark.parametrize("until", range(2, 7))
def test_cut_off_it_goes_on_behind_what_was_saved(output: Path, until: int) -> None:
    cut_off(output, until)
    assert not output.exists()
    assert beside(output) == [".out.jsonl.partial"]
    assert run(output, resume=True) == until - 1
    assert output.read_bytes() == WHOLE
    assert beside(output) == []


def test_it_may_be_cut_off_again_and_again(output: Path) -> None:
    cut_off(output, 2)
    for until in (3, 3, 5):
        cut_off(output, until, resume=True)
    assert run(output, resume=True) == 4
    assert output.read_bytes() == WHOLE


def test_cut_off_before_anything_was_saved_nothing_stays(output: Path) -> None:
    cut_off(output, 1)
    assert (output.exists(), beside(output)) == (False, [])
    assert run(output, resume=True) == 0
    assert output.read_bytes() == WHOLE


def test_what_is_unfinished_is_told_and_lost_by_force_alone(output: Path) -> None:
    cut_off(output, 3)
    with pytest.raises(DataError, match=r"--resume.*--force"):
        run(output)
    assert run(output, force=True) == 0
    assert output.read_bytes() == WHOLE
    assert beside(output) == []


def test_a_finished_file_has_nothing_left_to_resume_and_is_left_alone(output: Path) -> None:
    run(output)
    before = output.stat()
    assert run(output, resume=True) is None
    assert (output.stat().st_mtime_ns, output.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert beside(output) == []


def test_an_older_file_is_never_lost_to_a_run_that_is_resumed_without_force(output: Path) -> None:
    output.write_text('{"row": 1, "label": "of old"}\n')
    cut_off(output, 3, force=True)
    for resume in (False, True):
        with pytest.raises(DataError, match="--force"):
            run(output, resume=resume)
    assert output.read_text() == '{"row": 1, "label": "of old"}\n'
    assert run(output, resume=True, force=True) == 2
    assert output.read_bytes() == WHOLE


def test_a_file_of_others_is_not_replaced_by_force(output: Path) -> None:
    output.write_text("years of work")
    with pytest.raises(DataError, match="isn't an output of this command"):
        run(output, force=True)
    assert output.read_text() == "years of work"
    assert beside(output) == []


def test_killed_between_the_last_two_steps_it_is_finished(output: Path) -> None:
    cut_off(output, 3)
    (output.parent / ".out.jsonl.partial" / "answers").rename(output)
    assert run(output, resume=True) is None
    assert beside(output) == []


def test_another_run_is_refused_and_says_what_differs(output: Path) -> None:
    cut_off(output, 3)
    with pytest.raises(DataError, match=r"threads 1 \(now 2\)\..*--force"):
        run(output, resume=True, run={**RUN, "threads": 2})
    assert run(output, resume=True) == 2, "a refusal loses nothing"


@pytest.mark.parametrize("damage", ["a bit", "the last byte", "all"])
def test_answers_that_changed_are_refused(output: Path, damage: str) -> None:
    cut_off(output, 4)
    answers = output.parent / ".out.jsonl.partial" / "answers"
    content = bytearray(answers.read_bytes())
    saved = len("".join(LINES[:3]).encode())
    if damage == "a bit":
        content[saved // 2] ^= 1
    answers.write_bytes(content[: {"a bit": len(content), "the last byte": saved - 1, "all": 0}[damage]])
    with pytest.raises(DataError, match=r"other answers.*--force"):
        run(output, resume=True)
    assert not output.exists()


def test_what_stands_behind_the_saved_answers_is_cut_off(output: Path) -> None:
    cut_off(output, 4)
    with (output.parent / ".out.jsonl.partial" / "answers").open("ab") as file:
        file.write(b"never saved\n" * 1000)
    assert run(output, resume=True) == 3
    assert output.read_bytes() == WHOLE


def test_a_second_run_is_refused_while_the_first_one_lives(output: Path) -> None:
    with opened(output, lambda: RUN, force=False, resume=False) as partial:
        assert partial
        for options in ({}, {"resume": True}, {"force": True}):
            with pytest.raises(FolderError, match=f"process {os.getpid()}"):
                run(output, **options)
        partial.file.write("first")
    assert output.read_text() == "first"


def test_a_file_that_another_run_finished_meanwhile_is_not_lost(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*arguments: Any) -> Any:
        output.write_text("another run's")
        return acquire(*arguments)

    monkeypatch.setattr(resumable_output, "acquire", late)
    with pytest.raises(DataError, match="--force"):
        run(output)
    assert run(output, resume=True) is None
    assert output.read_text() == "another run's"


@pytest.mark.parametrize("name", [".", "..", "a folder"])
def test_a_folder_is_never_taken_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "inside" / "a folder").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "inside")
    for options in ({}, {"resume": True}, {"force": True}):
        with pytest.raises(DataError, match="a folder"):
            run(Path(name), **options)
    assert [path.name for path in tmp_path.rglob("*")] == ["inside", "a folder"]


def test_records_are_some_time_apart(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(resumable_output, "monotonic", lambda: now[0])
    monkeypatch.setattr(resumable_output, "SECONDS", 1.0)
    told: list[int] = []

    def fingerprint() -> Mapping[str, Any]:
        told.append(1)
        return RUN

    with opened(output, fingerprint, force=False, resume=False) as partial:
        assert partial
        for now[0], saved in ((100.9, False), (101.0, True), (101.9, False), (102.0, True)):
            before = partial.progress
            partial.save(Counts(rows=1), hashlib.sha256().hexdigest())
            assert (partial.progress is not before) == saved
            assert len(told) > 0 or not saved, "before the first record nothing is hashed"
