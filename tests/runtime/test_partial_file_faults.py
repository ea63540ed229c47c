"""A run, killed or failing at each of its operations in turn → resumed, the bytes of a run that wasn't."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.errors import UnrolledError
from unrolled.runtime import partial_file
from unrolled.runtime.partial_file import opened
from unrolled.runtime.streaming import Counts

DONE, DONE_THOUGH_STRUCK, REFUSED, KILLED, OTHER = 0, 3, 4, 137, 6
OPERATIONS: list[tuple[Any, str]] = [
    *((os, name) for name in ["mkdir", "open", "fsync", "replace", "unlink", "rmdir", "write", "ftruncate"]),
    *((partial_file._Digested, name) for name in ["write", "truncate"]),
    (shutil, "rmtree"),
]
LINES = [f"{number}: {'x' * 40_000}\n" for number in range(4)]  # more than the buffer holds
WHOLE = "".join(LINES).encode()


def write(output: Path, **options: bool) -> None:
    with opened(output, lambda: {"model": "m"}, **options) as partial:
        if partial is None:
            return
        first = partial.progress.counts.rows if partial.progress else 0
        for number, line in enumerate(LINES[first:], start=first + 1):
            partial.file.write(line)
            partial.save(Counts(rows=number), hashlib.sha256().hexdigest())


def struck(output: Path, number: int, strike: Callable[[], None], *, after: bool = False, **options: bool) -> int:
    """Write, where `strike` falls on the operation of a number, before or after it acts."""
    counter, hit = itertools.count(1), False

    def armed(operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **keywords: Any) -> Any:
            nonlocal hit
            if next(counter) != number:
                return operation(*arguments, **keywords)
            hit = True
            try:
                return operation(*arguments, **keywords) if after else None
            finally:
                strike()

        return run

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in OPERATIONS:
            patch.setattr(owner, name, armed(getattr(owner, name)))
        try:
            write(output, **options)
        except UnrolledError as error:
            return REFUSED if str(error).isprintable() else OTHER
    return DONE_THOUGH_STRUCK if hit else DONE


def in_child(action: Callable[[], int]) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: other tests' libraries have threads
        pid = os.fork()
    if pid == 0:
        code = OTHER
        try:
            code = action()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill() -> None:
    os._exit(KILLED)


def no_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(autouse=True)
def every_save_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record at every save; and leave out the waiting of fsync, which no test here can see."""
    monkeypatch.setattr(partial_file, "SECONDS", 0)
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(params=["a new file", "an older file"])
def force(request: pytest.FixtureRequest) -> bool:
    """Whether an older file is to be replaced."""
    return bool(request.param == "an older file")


def begun(folder: Path, force: bool) -> Path:
    folder.mkdir()
    if force:
        (folder / "out").write_bytes(b"old")
    return folder / "out"


def is_whole_or_as_before(output: Path, force: bool) -> bool:
    return output.read_bytes() in ((WHOLE, b"old") if force else (WHOLE,)) if output.exists() else not force


def ended_well(output: Path, force: bool) -> bool:
    return output.read_bytes() == WHOLE and [path.name for path in output.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_operation_and_resumed_it_ends_as_if_it_had_not_been(
    tmp_path: Path, force: bool, after: bool
) -> None:
    resumed = set()
    for number in itertools.count(1):
        output = begun(tmp_path / str(number), force)
        code = in_child(lambda: struck(output, number, kill, after=after, force=force, resume=False))  # noqa: B023
        assert is_whole_or_as_before(output, force)
        resumed.add((output.parent / ".out.partial" / "progress.json").exists())
        write(output, force=force, resume=True)
        assert ended_well(output, force)
        if code == DONE:
            break
        assert code == KILLED
    assert number > 20
    assert resumed == {True, False}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_operation_of_its_resumption_it_can_be_resumed_again(tmp_path: Path, after: bool) -> None:
    for number in itertools.count(1):
        output = begun(tmp_path / str(number), force=False)
        assert in_child(lambda: struck(output, 17, kill, force=False, resume=False)) == KILLED  # noqa: B023
        code = in_child(lambda: struck(output, number, kill, after=after, force=False, resume=True))  # noqa: B023
        assert is_whole_or_as_before(output, force=False)
        write(output, force=False, resume=True)
        assert ended_well(output, force=False)
        if code == DONE:
            break
        assert code == KILLED
    assert number > 8


def test_a_disk_full_at_any_operation_is_told_and_afterwards_it_can_be_resumed(tmp_path: Path, force: bool) -> None:
    codes = []
    for number in itertools.count(1):
        output = begun(tmp_path / str(number), force)
        codes.append(struck(output, number, no_space, force=force, resume=False))
        assert is_whole_or_as_before(output, force)
        write(output, force=force, resume=True)
        assert ended_well(output, force)
        if codes[-1] == DONE:
            break
    assert set(codes) == {DONE, DONE_THOUGH_STRUCK, REFUSED}
    assert codes.count(REFUSED) > 10


def test_a_limit_of_the_file_s_size_is_told_and_with_room_it_goes_on(tmp_path: Path) -> None:
    """The system itself refuses here, in the middle of a write."""
    code = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from tests.runtime.test_partial_file_faults import partial_file, write\n"
        "partial_file.SECONDS = 0\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "write(Path(sys.argv[1]), force=False, resume=False)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "out")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert "File too large" in done.stderr.splitlines()[-1]
    assert (tmp_path / ".out.partial" / "progress.json").exists()
    write(tmp_path / "out", force=False, resume=True)
    assert ended_well(tmp_path / "out", force=False)
