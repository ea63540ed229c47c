"""Two folders, or what can't be exchanged → their contents have changed places, or nothing has happened."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from unrolled.storage.exchange import exchanged


def test_two_folders_change_places_or_nothing_happens(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "zweiter Ordner, ü"
    for folder in (first, second):
        folder.mkdir()
        (folder / folder.name).touch()
    before = [sorted(path.name for path in folder.iterdir()) for folder in (first, second)]
    done = exchanged(first, second)
    after = [sorted(path.name for path in folder.iterdir()) for folder in (first, second)]
    assert after == (before[::-1] if done else before)


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is a call of Linux")
def test_the_reason_of_a_failure_is_told(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    with pytest.raises(FileNotFoundError):
        exchanged(tmp_path / "first", tmp_path / "missing")
    assert (tmp_path / "first").is_dir()


def test_other_systems_say_that_they_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not exchanged(tmp_path / "first", tmp_path / "second")
