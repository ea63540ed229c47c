"""A write, killed or failing at each of its operations in turn → the old folder or the new one, whole."""

from __future__ import annotations

import errno
import itertools
import os
import re
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.storage.struck import (
    DONE,
    DONE_THOUGH_STRUCK,
    INTERRUPTED,
    KILLED,
    OTHER,
    REFUSED,
    Operation,
    Strike,
    ended,
    in_child,
    interrupt,
    kill,
    no_space,
    started,
    struck,
)
from unrolled.errors import FolderError
from unrolled.storage import atomic_folder
from unrolled.storage.atomic_folder import check_output, current, write_folder
from unrolled.storage.exchange import exchanged
from unrolled.storage.manifest import with_manifest

OLD = with_manifest({"config.json": b'{"version": 1}', "model.safetensors": b"old" * 1_000})
NEW = with_manifest({"config.json": b'{"version": 2}', "model.safetensors": b"new" * 70_000})
NEWER = with_manifest({"config.json": b'{"version": 3}'})

OPERATIONS: list[Operation] = [
    *((os, name) for name in ["mkdir", "open", "write", "fsync", "close", "rename", "replace", "unlink", "rmdir"]),
    (atomic_folder, "exchanged"),
]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path != target)


def outcome(action: Callable[[], int]) -> int:
    try:
        return action()
    except FolderError as error:
        return REFUSED if str(error).isprintable() else OTHER
    except KeyboardInterrupt:
        return INTERRUPTED


def struck_write(target: Path, files: Mapping[str, bytes], number: int, strike: Strike, *, after: bool = False) -> int:
    """Write by force, where `strike` falls on the operation of a number, before or after it acts."""

    def action() -> int:
        hit = struck(lambda: write_folder(target, files, force=True), OPERATIONS, number, strike, after=after)
        return DONE_THOUGH_STRUCK if hit else DONE

    return outcome(action)


def killed_write(target: Path, files: Mapping[str, bytes], number: int, *, after: bool = False) -> int:
    """Write by force in a child process that is killed at the operation of a number."""
    return in_child(lambda: struck_write(target, files, number, kill, after=after))


@pytest.fixture(params=["in one step", "by steps"])
def by_steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> bool:
    """Let the exchange be atomic, or unavailable; and leave out the waiting of fsync, which no test here can see."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    if request.param == "by steps":
        monkeypatch.setattr(atomic_folder, "exchanged", lambda first, second: False)
        return True
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    if not exchanged(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this system has no exchange in one step")
    return False


def each_number(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    for number in itertools.count(1):
        (tmp_path / f"run {number}").mkdir()
        yield number, tmp_path / f"run {number}" / "model"


@pytest.mark.torture
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_operation_the_old_or_the_new_folder_is_whole(
    tmp_path: Path, by_steps: bool, after: bool
) -> None:
    places = []
    for number, target in each_number(tmp_path):
        write_folder(target, OLD)
        code = killed_write(target, NEW, number, after=after)
        found = current(target)
        assert contents(found) in (OLD, NEW)
        assert found == target or (by_steps and found.name.endswith(".previous"))
        places.append((found.suffix, found.exists() and contents(found) == NEW))
        write_folder(target, NEWER, force=True)
        assert contents(target) == NEWER
        assert beside(target) == []
        if code == DONE:
            break
        assert code == KILLED
    assert number > 20
    assert set(places) == {("", False), ("", True)} | ({(".previous", False)} if by_steps else set())


@pytest.mark.torture
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_operation_a_first_write_is_whole_or_absent(tmp_path: Path, after: bool) -> None:
    seen = []
    for number, target in each_number(tmp_path):
        code = killed_write(target, NEW, number, after=after)
        seen.append(contents(target))
        assert seen[-1] in ({}, NEW)
        assert current(target) == target
        write_folder(target, NEWER, force=True)
        assert contents(target) == NEWER
        assert beside(target) == []
        if code == DONE:
            break
        assert code == KILLED
    assert {} in seen


def leaves_previous(target: Path, step: int) -> bool:
    """Kill a write at a step, and say whether the old folder then stands under its second name."""
    write_folder(target, OLD)
    killed_write(target, NEW, step)
    return any(target.parent.glob(".model.*.previous"))


@pytest.mark.torture
@pytest.mark.parametrize("has_target", [False, True], ids=["after the first step", "after the second step"])
def test_killed_again_while_it_sets_right_a_killed_exchange_it_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_target: bool
) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(atomic_folder, "exchanged", lambda first, second: False)
    steps = (step for step in itertools.count(1) if leaves_previous(tmp_path / str(step) / "model", step))
    killed = next(tmp_path / str(step) for step in steps if (tmp_path / str(step) / "model").exists() == has_target)
    for number, target in each_number(tmp_path):
        shutil.copytree(killed, target.parent, dirs_exist_ok=True)
        assert contents(current(target)) == (NEW if has_target else OLD)
        code = killed_write(target, NEWER, number)
        assert contents(current(target)) in (NEW if has_target else OLD, NEWER)
        write_folder(target, NEWER, force=True)
        assert contents(target) == NEWER
        assert beside(target) == []
        if code == DONE:
            break
    assert number > 20


def test_without_room_at_any_operation_the_old_folder_is_as_it_was(tmp_path: Path, by_steps: bool) -> None:
    refused = 0
    for number, target in each_number(tmp_path):
        write_folder(target, OLD)
        code = struck_write(target, NEW, number, no_space)
        if code == DONE:
            break
        if code == REFUSED:
            assert contents(target) == OLD
            assert beside(target) == []
            refused += 1
        else:  # a clean-up failed, after the new folder had its place
            assert code == DONE_THOUGH_STRUCK
            assert contents(target) == NEW
            assert all(name.endswith(".partial") for name in beside(target))
    assert refused > 10


def test_without_room_at_any_operation_a_first_write_leaves_nothing(tmp_path: Path) -> None:
    for number, target in each_number(tmp_path):
        code = struck_write(target, NEW, number, no_space)
        if code == DONE:
            break
        assert (code, contents(target), beside(target)) in [(REFUSED, {}, []), (DONE_THOUGH_STRUCK, NEW, [])]
    assert number > 10


@pytest.mark.parametrize("older", [True, False], ids=["in place of an older one", "a first write"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT], ids=errno.errorcode.get)
def test_whatever_fails_what_is_said_of_the_disk_is_true(
    tmp_path: Path, by_steps: bool, code: int, lasting: bool, older: bool
) -> None:
    """Also where an error lasts, so that nothing can be put back."""

    def fail() -> None:
        raise OSError(code, os.strerror(code))

    said, before = set(), OLD if older else {}
    for number, target in each_number(tmp_path):
        if older:
            write_folder(target, OLD)
        try:
            act = partial(write_folder, target, NEW, force=True)
            if not struck(act, OPERATIONS, number, fail, lasting=lasting):
                break
        except FolderError as error:
            told = str(error)
        else:
            told = "no error"
        place = re.search(r"whole as (.+)\.$", told)
        truth = {"nothing of that name was changed": before, "the new folder stands there": NEW, "no error": NEW}
        truth |= {"--force replaces only that": before, "whole as": OLD}  # an older one that can't be read stays
        (claim,) = (claim for claim in truth if claim in told)
        said.add(claim)
        assert contents(Path(place[1]) if place else target) == truth[claim]
    assert number > 10
    assert {"nothing of that name was changed", "no error"} <= said
    if lasting:
        assert "the new folder stands there" in said
    assert ("whole as" in said) == (lasting and by_steps and older)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_interrupted_at_any_operation_a_whole_folder_is_in_its_place(
    tmp_path: Path, by_steps: bool, after: bool
) -> None:
    for number, target in each_number(tmp_path):
        write_folder(target, OLD)
        code = struck_write(target, NEW, number, interrupt, after=after)
        if code == DONE:
            break
        assert contents(target) in (OLD, NEW)
        assert code == INTERRUPTED
        assert not any(target.parent.glob(".model.*.previous"))


@pytest.mark.parametrize("limit", [0, 1, 14, 15, 4_096, 209_999, 210_000])
def test_a_limit_on_the_size_of_files_refuses_and_leaves_the_old_folder(tmp_path: Path, limit: int) -> None:
    target = tmp_path / "model"
    write_folder(target, OLD)

    def action() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        write_folder(target, NEW, force=True)
        return DONE

    fits = limit >= max(map(len, NEW.values()))
    assert in_child(lambda: outcome(action)) == (DONE if fits else REFUSED)
    assert contents(target) == (NEW if fits else OLD)
    assert beside(target) == []


@pytest.mark.parametrize("write", [lambda target: write_folder(target, NEW), check_output], ids=["write", "early"])
@pytest.mark.parametrize("mode", [0o555, 0o333], ids=["not written", "not read, so not synced"])
def test_a_place_where_one_may_not_write_is_refused(write: Callable[[Path], None], mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, mode)

        def action() -> int:
            if os.getuid() == 0:
                os.setuid(65_534)  # root may write anywhere
            write(Path(name) / "model")
            return DONE

        assert in_child(lambda: outcome(action)) == REFUSED
        os.chmod(name, 0o755)
        assert os.listdir(name) == []


def test_several_processes_that_write_one_folder_leave_one_whole(tmp_path: Path) -> None:
    target = tmp_path / "model"
    write_folder(target, OLD)
    texts = [with_manifest({"config.json": letter * 10, "weights": letter * 100}) for letter in (b"A", b"B", b"C")]

    def action(files: Mapping[str, bytes]) -> int:
        for _ in range(10):
            write_folder(target, files, force=True)
        return DONE

    children = [started(lambda files=files: outcome(lambda: action(files))) for files in texts]  # type: ignore[misc]
    assert [ended(child) for child in children] == [DONE] * 3
    assert contents(target) in texts
    assert beside(target) == []
