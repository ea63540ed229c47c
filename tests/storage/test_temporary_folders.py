"""Temporary folders beside a target, of dead and living processes → only those of the dead are found."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from unrolled.storage.temporary_folders import stale, temporaries, unused_name


def test_an_unused_name_is_a_temporary_of_this_process_beside_the_folder(tmp_path: Path) -> None:
    place = tmp_path / "m+[1] ü"
    names = {unused_name(place) for _ in range(5)}
    for name in names:
        name.mkdir()
    assert temporaries(place) == dict.fromkeys(names, os.getpid())
    assert len(names) == 5
    assert all(name.parent == tmp_path and name.name.startswith(".") for name in names)


def test_a_folder_that_is_nowhere_has_no_temporaries(tmp_path: Path) -> None:
    assert temporaries(tmp_path / "no/such") == {}


def test_only_leftovers_of_the_dead_are_found(tmp_path: Path) -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    dead = process.pid
    gone = f".m+[1].{dead}-01234567.partial"
    kept = [f".m+[1].{pid}-01234567.partial" for pid in {os.getpid(), os.getppid(), 1}]
    kept += [f".m+[1]x.{dead}-01234567.partial", f".m+[1].{dead}-0123.partial", f".m+[1].{dead}", f"m+[1].{dead}"]
    for name in [gone, *kept]:
        (tmp_path / name).mkdir()
    assert list(stale(tmp_path / "m+[1]")) == [tmp_path / gone]


def test_a_leftover_of_another_users_process_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_permitted(pid: int, number: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "kill", not_permitted)
    (tmp_path / ".model.12345-01234567.partial").mkdir()
    assert list(stale(tmp_path / "model")) == []
