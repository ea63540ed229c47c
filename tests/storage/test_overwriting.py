"""Inputs and an output → refused where one is the other or in it, and nothing else is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.each import each
from unrolled.cli.run_folder import RunFolder
from unrolled.errors import SettingError
from unrolled.prediction.resumable_output import ResumableOutput
from unrolled.storage import overwriting
from unrolled.storage.file_lock import acquire
from unrolled.storage.overwriting import reject_overwriting


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder by class, a file and a pipe; this process writes to no file."""
    monkeypatch.setattr(overwriting, "STANDARD_OUTPUTS", ())
    (tmp_path / "data" / "a").mkdir(parents=True)
    (tmp_path / "data" / "a" / "1.txt").touch()
    (tmp_path / "t.csv").touch()
    os.mkfifo(tmp_path / "pipe")
    os.symlink("data/a", tmp_path / "link")
    return tmp_path


CLASHES = [
    *(
        ("t.csv", "t.csv"),
        ("data", "data/a/new.txt"),
        ("data/a/1.txt", "data"),
        ("data", "link/x"),
        ("link/1.txt", "data"),
    ),
    ("pipe", "pipe"),
]


@each(("read", "written"), CLASHES)
def test_what_is_read_is_not_written(files: Path, read: str, written: str) -> None:
    with pytest.raises(SettingError, match="would change"):
        reject_overwriting({"DATA": files / read}, files / written)


@each(
    ("read", "written"),
    [
        *(
            ("t.csv", "u.csv"),
            ("data", "data2"),
            ("data/a", "data/b"),
            ("data/a/1.txt", "data/a/2.txt"),
            ("none", "none"),
        ),
        *(("t.csv", "a\0b"), ("a\0b", "t.csv"), ("none", "t.csv")),
    ],
)
def test_anything_else_may_be_written(files: Path, read: str, written: str) -> None:
    reject_overwriting({"DATA": files / read, "--test": None}, files / written)


@pytest.mark.parametrize("written", [None, "-", "/dev/null", "/dev/tty"])
def test_what_is_no_file_may_be_read_and_written_at_once(files: Path, written: str | None) -> None:
    reject_overwriting({"DATA": written, "--test": "-"}, written)


def test_what_is_written_on_the_way_has_the_names_that_its_writers_give_it(tmp_path: Path) -> None:
    output = tmp_path / "out"
    named = {ResumableOutput(output, dict).folder, RunFolder(output).checkpoint}
    for name in (output, RunFolder(output).checkpoint):
        with acquire(name):
            named |= {*tmp_path.iterdir()}
    assert {path.name for path in named} == {form.format("out") for form in overwriting.COMPANIONS}


def test_a_file_in_a_folder_that_is_read_takes_no_redirected_output(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (files / "data" / "a" / "log.txt").open("w") as file:
        monkeypatch.setattr(overwriting, "STANDARD_OUTPUTS", (file.fileno(),))
        with pytest.raises(SettingError, match="redirected"):
            reject_overwriting({"DATA": files / "data"}, None)
        reject_overwriting({"DATA": files / "t.csv"}, files / "u.csv")
