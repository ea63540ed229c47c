"""Files and a target of any kind → a whole folder there, or a refusal that touches nothing."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.errors import FolderError
from unrolled.storage import atomic_folder, fsync, ownership
from unrolled.storage.atomic_folder import check_output, current, write_folder
from unrolled.storage.manifest import with_manifest

OLD = with_manifest({"config.json": b'{"version": 1}', "model.safetensors": b"old" * 1_000, "README.md": b"# old"})
NEW = with_manifest({"config.json": b'{"version": 2}', "model.safetensors": bytes(range(256)) * 1_000, "empty": b""})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def made(folder: Path) -> Path:
    write_folder(folder, OLD)
    return folder


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen between what is looked at and the exchange."""
    fill = fsync.fill

    def fill_and_act(partial: Path, files: dict[str, bytes]) -> None:
        fill(partial, files)
        act()

    monkeypatch.setattr(atomic_folder, "fill", fill_and_act)


def refused(target: Path, problem: str, *, force: bool) -> None:
    """Check that both calls refuse in the same words, and that nothing beside the target has changed."""
    before = sorted(target.parent.rglob("*")) if target.parent != Path("/") else []
    with pytest.raises(FolderError, match=problem) as early:
        check_output(target, force=force)
    with pytest.raises(FolderError, match=problem) as late:
        write_folder(target, NEW, force=force)
    assert str(early.value) == str(late.value)
    assert before == (sorted(target.parent.rglob("*")) if target.parent != Path("/") else [])


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["model", "a/b/c", "m+[1](x).*", "zwei Wörter", "-rf", "model.previous", "empty"])
def test_a_new_folder_holds_the_files_and_nothing_stands_beside_it(tmp_path: Path, name: str, force: bool) -> None:
    (tmp_path / "empty").mkdir()
    target = tmp_path / name
    check_output(target, force=force)
    write_folder(target, NEW, force=force)
    assert contents(target) == NEW
    assert {path.name for path in target.parent.iterdir()} <= {target.name, "empty"}


def test_a_relative_name_is_one_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check_output(Path("model"))
    write_folder(Path("model"), NEW)
    assert contents(tmp_path / "model") == NEW


def test_permissions_follow_the_umask_of_the_user(tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        write_folder(tmp_path / "model", NEW)
    finally:
        os.umask(former)
    assert (tmp_path / "model").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "model/config.json").stat().st_mode & 0o777 == 0o640


def test_a_full_folder_is_overwritten_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "model"
    write_folder(target, OLD)
    refused(target, "--force", force=False)
    assert contents(target) == OLD
    check_output(target, force=True)
    write_folder(target, NEW, force=True)
    assert contents(target) == NEW


def test_a_folder_that_another_process_fills_meanwhile_is_not_overwritten(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, other = tmp_path / "model", made(tmp_path_factory.mktemp("other") / "model")
    meanwhile(monkeypatch, lambda: shutil.copytree(other, target))
    with pytest.raises(FolderError, match="not empty"):
        write_folder(target, NEW)
    assert contents(target) == OLD
    assert os.listdir(tmp_path) == ["model"]


@pytest.mark.parametrize("force", [False, True])
def test_a_file_is_never_overwritten(tmp_path: Path, force: bool) -> None:
    (tmp_path / "model").write_text("mine")
    refused(tmp_path / "model", "there is a file", force=force)
    refused(tmp_path / "model/below", "model: there is a file", force=force)
    refused(tmp_path / "model/far/below", "model: there is a file", force=force)
    assert (tmp_path / "model").read_text() == "mine"


@pytest.mark.parametrize("by_steps", [False, True])
@pytest.mark.parametrize("name", ["thesis.docx", "README.md"])
def test_what_is_written_into_it_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, by_steps: bool
) -> None:
    if by_steps:
        monkeypatch.setattr(atomic_folder, "exchanged", lambda first, second: False)
    target = made(tmp_path / "model")
    meanwhile(monkeypatch, lambda: (target / name).write_text("years of work"))
    with pytest.raises(FolderError, match=f"{name}.* was added"):
        write_folder(target, NEW, force=True)
    assert contents(target) == {**OLD, name: b"years of work"}
    assert os.listdir(tmp_path) == ["model"]


def test_what_is_written_into_it_in_the_last_moment_stays_under_the_temporary_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, unlink = made(tmp_path / "model"), os.unlink

    def unlink_beside(path: Path) -> None:
        (path.parent / "thesis.docx").write_text("years of work")
        unlink(path)

    monkeypatch.setattr(os, "unlink", unlink_beside)
    write_folder(target, NEW, force=True)
    monkeypatch.undo()
    (left,) = tmp_path.glob(".model.*.partial")
    assert contents(left) == {"thesis.docx": b"years of work"}
    left.rename(tmp_path / ".model.999999999-01234567.partial")  # as of a process that is no more
    write_folder(target, OLD, force=True)
    assert contents(tmp_path / ".model.999999999-01234567.partial") == {"thesis.docx": b"years of work"}


@pytest.mark.parametrize("force", [False, True])
def test_a_mount_point_is_refused(force: bool) -> None:
    refused(Path("/"), "a mount point", force=force)


def test_a_link_to_a_folder_stays_and_its_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    write_folder(tmp_path / "far/real", OLD)
    link = tmp_path / "link"
    link.symlink_to("far/real")
    refused(link, "--force", force=False)
    write_folder(link, NEW, force=True)
    assert link.is_symlink()
    assert contents(tmp_path / "far/real") == NEW
    assert os.listdir(tmp_path / "far") == ["real"]


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    refused(tmp_path / "a", "a: there is a file", force=True)


def test_a_name_that_is_too_long_is_refused_early(tmp_path: Path) -> None:
    refused(tmp_path / ("m" * 250), ": .*250 bytes.* at most 228", force=False)


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_a_name_that_no_folder_can_have_is_refused(tmp_path: Path, name: str) -> None:
    refused(tmp_path / name, "no folder can have the name .*/a", force=False)


@pytest.mark.parametrize("by_steps", [False, True])
def test_a_folder_that_is_named_as_the_previous_one_is_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_steps: bool
) -> None:
    if by_steps:
        monkeypatch.setattr(atomic_folder, "exchanged", lambda first, second: False)
    target = tmp_path / "model"
    write_folder(tmp_path / "model.previous", OLD)
    assert current(target) == target
    write_folder(target, NEW)
    write_folder(target, NEW, force=True)
    assert contents(tmp_path / "model.previous") == OLD
    assert sorted(os.listdir(tmp_path)) == ["model", "model.previous"]


def test_only_under_temporary_names_is_anything_deleted_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_folder, "exchanged", lambda first, second: False)
    write_folder(tmp_path / "model", OLD)
    write_folder(tmp_path / ".model.999999999-01234567.previous", OLD)
    deleted: list[Path] = []
    monkeypatch.setattr(atomic_folder, "delete", lambda folder, _: deleted.append(folder))
    write_folder(tmp_path / "model", NEW, force=True)
    assert [contents(path) for path in deleted] == [OLD, OLD]
    assert all(path.name.endswith((".partial", ".previous")) for path in deleted)


def test_a_file_system_that_cannot_sync_a_folder_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def fails_on_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(handle)

    monkeypatch.setattr(os, "fsync", fails_on_folders)
    write_folder(tmp_path / "model", NEW)
    assert contents(tmp_path / "model") == NEW


def test_files_are_synced_before_the_exchange_and_its_folder_before_the_old_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "model"
    write_folder(target, OLD)
    events: list[object] = []

    def noted(event: Any, call: Any) -> Any:
        def run(*arguments: Any, **keywords: Any) -> Any:
            events.append(event or os.fstat(*arguments).st_ino)
            return call(*arguments, **keywords)

        return run

    monkeypatch.setattr(os, "fsync", noted(None, os.fsync))
    monkeypatch.setattr(atomic_folder, "_exchange", noted("exchange", atomic_folder._exchange))
    monkeypatch.setattr(atomic_folder, "delete", noted("remove", ownership.delete))
    write_folder(target, NEW, force=True)
    files = [(target / name).stat().st_ino for name in NEW]
    assert events == [*files, target.stat().st_ino, "exchange", tmp_path.stat().st_ino, "remove"]


@pytest.mark.parametrize("moment", ["made", "filled", "exchanged", "half deleted"])
def test_a_signal_at_any_moment_leaves_one_whole_folder_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """What SIGTERM's handler raises comes between any two lines, also between a call and what takes its result."""
    target = made(tmp_path / "model")
    module, name = {
        "made": (os, "mkdir"),
        "filled": (atomic_folder, "fill"),
        "exchanged": (atomic_folder, "_put"),
        "half deleted": (os, "unlink"),
    }[moment]
    call, ended = getattr(module, name), list[bool]()

    def interrupted(*given: Any, **named: Any) -> Any:
        result = call(*given, **named)
        if not ended:
            ended.append(True)
            raise SystemExit(143)
        return result

    monkeypatch.setattr(module, name, interrupted)
    with pytest.raises(SystemExit):
        write_folder(target, NEW, force=True)
    assert contents(target) == (OLD if moment in ("made", "filled") else NEW)
    assert os.listdir(tmp_path) == ["model"]
