"""A file that is told, and one that isn't → its bytes, or a FolderError where they aren't those that were told."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from unrolled.errors import FolderError
from unrolled.storage.regular_file import FileRecord, Inside, RegularFile, opened

CONTENT = bytes(range(256)) * 5_000


def told(content: bytes = CONTENT) -> FileRecord:
    return FileRecord(len(content), hashlib.sha256(content).hexdigest())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "f").write_bytes(CONTENT)
    return tmp_path


def inside(folder: Path, content: bytes = CONTENT) -> Inside:
    return Inside(folder, None, "f", told(content))


@pytest.mark.parametrize("read", [0, 1, 1000, len(CONTENT)])
def test_what_is_told_is_checked_to_the_end_however_much_is_read(folder: Path, read: int) -> None:
    with opened(inside(folder), at_most=len(CONTENT)) as file:
        assert file.read(read) == CONTENT[:read]
        assert file.place == read
    changed = CONTENT[:-1] + b"x"
    (folder / "f").write_bytes(changed)
    with pytest.raises(FolderError) as raised, opened(inside(folder), at_most=len(CONTENT)) as file:
        file.read(read)
    hashes = (told().sha256[:12], told(changed).sha256[:12])
    assert f"lists sha256 {hashes[0]}…, and the file has {hashes[1]}…" in str(raised.value)
    assert str(raised.value).startswith(str(folder / "f"))


def test_numbers_read_into_memory_are_hashed_too(folder: Path) -> None:
    with opened(inside(folder), at_most=len(CONTENT)) as file:
        memory = bytearray(len(CONTENT))
        assert file.readinto(memoryview(memory)) == len(CONTENT)
        assert memory == CONTENT


def test_that_it_was_changed_comes_before_what_is_wrong_inside(folder: Path) -> None:
    (folder / "f").write_bytes(CONTENT[::-1])
    for content, message in ((CONTENT, "the manifest lists"), (CONTENT[::-1], "inside")):
        with pytest.raises(FolderError, match=message), opened(inside(folder, content), at_most=len(CONTENT)):
            raise FolderError("the inside is wrong", "Fix it.")


def test_another_size_is_told_before_anything_is_read(folder: Path) -> None:
    os.truncate(folder / "f", 2**40)
    with (
        pytest.raises(FolderError, match=r"manifest lists 1,280,000 bytes.* has 1,099,511,627,776"),
        opened(inside(folder), at_most=2**50),
    ):
        pass
    with pytest.raises(FolderError, match="at most 7 bytes"), opened(folder / "f", at_most=7):
        pass


@pytest.mark.parametrize("change", [b"", CONTENT + b"x", CONTENT[::-1]], ids=["cut", "prolonged", "rewritten"])
def test_a_file_that_changes_while_it_is_read_is_refused(folder: Path, change: bytes) -> None:
    with ExitStack() as stack:
        file = stack.enter_context(opened(folder / "f", at_most=len(CONTENT)))
        file.read(100)
        (folder / "f").write_bytes(change)
        os.utime(folder / "f", ns=(1, 1))
        with pytest.raises(FolderError, match="another process is writing"):
            stack.close()


def test_a_link_put_in_place_between_look_and_open_is_not_followed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "link").symlink_to(folder / "f")
    real = os.stat
    monkeypatch.setattr(os, "stat", lambda *_, **__: real(folder / "f"))
    with pytest.raises(FolderError, match="is a symbolic link"), opened(folder / "link", at_most=10**9):
        pass


def test_a_pipe_put_in_place_between_look_and_open_is_refused_without_waiting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe")
    real = os.stat
    monkeypatch.setattr(os, "stat", lambda *_, **__: real(folder / "f"))
    with pytest.raises(FolderError, match="is a pipe"), opened(folder / "pipe", at_most=10**9):
        pass


def test_a_name_is_one_in_the_folder_s_handle_wherever_the_folder_is_by_now(folder: Path) -> None:
    (folder / "m").mkdir()
    (folder / "m" / "f").write_bytes(CONTENT)
    handle = os.open(folder / "m", os.O_RDONLY)
    try:
        (folder / "m").rename(folder / "elsewhere")
        (folder / "m").mkdir()
        (folder / "m" / "f").write_bytes(b"another")
        with opened(Inside(folder / "m", handle, "f", told()), at_most=len(CONTENT)) as file:
            assert isinstance(file, RegularFile)
            assert file.read(len(CONTENT)) == CONTENT
    finally:
        os.close(handle)
