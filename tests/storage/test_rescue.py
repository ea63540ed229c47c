"""A folder that can't be written → what was trained is saved elsewhere, and the error says where and how to go on."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from unrolled.errors import FolderError
from unrolled.storage import atomic_folder, fsync, rescue
from unrolled.storage.atomic_folder import write_folder
from unrolled.storage.manifest import with_manifest
from unrolled.storage.rescue import save_or_rescue

FILES = with_manifest({"config.json": b"{}", "model.safetensors": b"years of training"})


def save(folder: Path) -> None:
    write_folder(folder, FILES)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A temporary folder and a home."""
    found = [tmp_path / "tmp", tmp_path / "home"]
    for place in found:
        place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(found[0]))
    monkeypatch.setenv("HOME", str(found[1]))
    return found


def fill_up(monkeypatch: pytest.MonkeyPatch, *full: Path) -> None:
    """Let no folder below these have room for a file."""
    fill = fsync.fill

    def fill_if_there_is_room(folder: Path, files: dict[str, bytes]) -> None:
        if any(place in folder.parents for place in full):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fill(folder, files)

    monkeypatch.setattr(atomic_folder, "fill", fill_if_there_is_room)


def test_with_room_nothing_is_saved_elsewhere(tmp_path: Path, places: list[Path]) -> None:
    save_or_rescue(tmp_path / "model", save, left="Something.")
    assert contents(tmp_path / "model") == FILES
    assert [list(place.iterdir()) for place in places] == [[], []]


@pytest.mark.parametrize("first", [0, 1], ids=["the temporary folder", "home"])
def test_a_full_disk_costs_no_model(
    tmp_path: Path, places: list[Path], monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    (tmp_path / "disk").mkdir()
    fill_up(monkeypatch, tmp_path / "disk", *places[:first])
    with pytest.raises(FolderError, match=r"No space left.*nothing of that name was changed.*A state") as raised:
        save_or_rescue(tmp_path / "disk" / "model", save, left="A state is kept.")
    (place,) = places[first].iterdir()
    assert f"whole in {place / 'model'}:" in str(raised.value)
    assert contents(place / "model") == FILES
    assert [len(list(one.iterdir())) for one in places] == [1 - first, first]
    assert list((tmp_path / "disk").iterdir()) == []


def test_without_room_anywhere_that_is_said_and_nothing_is_left_half(
    tmp_path: Path, places: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_up(monkeypatch, tmp_path)
    with pytest.raises(FolderError, match=r"No other folder took the model\. A state is kept in X\.$"):
        save_or_rescue(tmp_path / "model", save, left="A state is kept in X.")
    assert sorted(tmp_path.rglob("*")) == sorted(places)


def test_a_refusal_at_the_end_costs_no_model_either(tmp_path: Path, places: list[Path]) -> None:
    """The name was free when training began."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "thesis.docx").touch()
    with pytest.raises(FolderError, match="whole in"):
        save_or_rescue(tmp_path / "model", save)
    assert contents(next(places[0].iterdir()) / "model") == FILES
    assert contents(tmp_path / "model") == {"thesis.docx": b""}


def test_a_machine_without_a_temporary_folder_has_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory")

    monkeypatch.setattr("tempfile.gettempdir", none)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert list(rescue._places()) == [str(tmp_path)]
