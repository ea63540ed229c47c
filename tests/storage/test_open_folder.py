"""Folders, and systems that lack handles of folders → the files that their manifests tell, and no pickle beside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from unrolled.errors import FolderError
from unrolled.storage import open_folder
from unrolled.storage.atomic_folder import write_folder
from unrolled.storage.manifest import MANIFEST, with_manifest
from unrolled.storage.open_folder import PICKLES, opened_folder
from unrolled.storage.regular_file import opened

FILES = {"config.json": b"{}", "notes.txt": b"hello"}


@pytest.fixture(params=["by handle", "by name"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on a system that has handles of folders, as Linux, and on one that hasn't, as Windows."""
    monkeypatch.setattr(open_folder, "_HAS_HANDLES", request.param == "by handle")
    write_folder(tmp_path / "m", with_manifest(FILES))
    return tmp_path / "m"


def test_files_are_read_by_their_names_and_the_handle_is_closed(folder: Path) -> None:
    before = sorted(os.listdir("/proc/self/fd"))
    with opened_folder(folder) as files:
        assert set(files.records) == set(FILES)
        for name, content in FILES.items():
            assert os.fspath(files / name) == str(folder / name)
            with opened(files / name, at_most=100) as file:
                assert file.read(100) == content
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_file_that_the_manifest_does_not_know_is_not_opened(folder: Path) -> None:
    (folder / "more.json").write_bytes(b"{}")
    with opened_folder(folder) as files, pytest.raises(FolderError, match=r"doesn't list 'more\.json'"):
        files / "more.json"


@pytest.mark.parametrize("suffix", PICKLES)
def test_a_pickle_beside_is_refused_by_name_and_so_is_one_alone(folder: Path, suffix: str) -> None:
    for name in (f"model{suffix}", f"Model{suffix.upper()}", suffix):
        (folder / name).write_bytes(b"")
        with pytest.raises(FolderError, match="a pickle can run code") as raised, opened_folder(folder):
            pass
        assert str(raised.value).startswith(str(folder / name))
        (folder / name).unlink()
    for name in (*FILES, MANIFEST):
        (folder / name).unlink()
    (folder / f"x{suffix}").touch()
    with pytest.raises(FolderError, match="a pickle can run code"), opened_folder(folder):
        pass


def test_what_is_no_pickle_may_lie_beside(folder: Path) -> None:
    for name in ("model.onnx", "notes.md", "picture.png", "pickle", "x.pt.txt"):
        (folder / name).touch()
    with opened_folder(folder) as files:
        assert files.records


def test_a_folder_without_a_manifest_is_told_to_be_trained_again(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    with (
        pytest.raises(FolderError, match=r"no manifest\.json\. .* train the model again"),
        opened_folder(folder),
    ):
        pass


@pytest.mark.parametrize("error", [MemoryError, PermissionError])
def test_too_little_memory_and_a_missing_right_are_errors_of_ours(folder: Path, error: type[Exception]) -> None:
    with pytest.raises(FolderError, match=r"fit into memory|can't read"), opened_folder(folder):
        raise error
