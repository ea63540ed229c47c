"""A run, struck at each of its operations in turn, or with something in its way → resumed or refused, nothing lost."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.storage.struck import (
    DONE,
    DONE_THOUGH_STRUCK,
    KILLED,
    OTHER,
    REFUSED,
    Operation,
    Strike,
    in_child,
    kill,
    no_space,
    struck,
)
from unrolled.errors import DataError, UnrolledError
from unrolled.prediction import resumable_output
from unrolled.prediction.resumable_output import opened
from unrolled.prediction.stream import Counts

OPERATIONS: list[Operation] = [
    *((os, name) for name in ["mkdir", "open", "fsync", "replace", "unlink", "rmdir", "write", "ftruncate"]),
    *((resumable_output._Digested, name) for name in ["write", "truncate"]),
    (shutil, "rmtree"),
]
LINES = [f'{{"row": {number}, "label": "{40_000 * "x"}"}}\n' for number in range(4)]  # more than the buffer holds
OLD = b'{"row": "old"}'
WHOLE = "".join(LINES).encode()


def write(output: Path, *, force: bool = False, resume: bool = False) -> None:
    with opened(output, lambda: {"model": "m"}, force=force, resume=resume) as partial:
        if partial is None:
            return
        first = partial.progress.counts.rows if partial.progress else 0
        for number, line in enumerate(LINES[first:], start=first + 1):
            partial.file.write(line)
            partial.save(Counts(rows=number), hashlib.sha256().hexdigest())


def struck_write(output: Path, number: int, strike: Strike, *, after: bool = False, **options: bool) -> int:
    try:
        hit = struck(lambda: write(output, **options), OPERATIONS, number, strike, after=after)
    except UnrolledError as error:
        return REFUSED if str(error).isprintable() else OTHER
    return DONE_THOUGH_STRUCK if hit else DONE


@pytest.fixture(autouse=True)
def every_save_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record at every save; and leave out the waiting of fsync, which no test here can see."""
    monkeypatch.setattr(resumable_output, "SECONDS", 0)
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the answers go."""
    return tmp_path / "out"


@pytest.fixture(params=["a new file", "an older file"])
def force(request: pytest.FixtureRequest) -> bool:
    """Whether an older file is to be replaced."""
    return bool(request.param == "an older file")


def begun(folder: Path, force: bool) -> Path:
    folder.mkdir()
    if force:
        (folder / "out").write_bytes(OLD)
    return folder / "out"


def is_whole_or_as_before(output: Path, force: bool) -> bool:
    return output.read_bytes() in ((WHOLE, OLD) if force else (WHOLE,)) if output.exists() else not force


def ended_well(output: Path, force: bool) -> bool:
    return output.read_bytes() == WHOLE and [path.name for path in output.parent.iterdir()] == ["out"]


@pytest.mark.torture
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_operation_and_resumed_it_ends_as_if_it_had_not_been(
    tmp_path: Path, force: bool, after: bool
) -> None:
    resumed = set()
    for number in itertools.count(1):
        output = begun(tmp_path / str(number), force)
        code = in_child(lambda: struck_write(output, number, kill, after=after, force=force, resume=False))  # noqa: B023
        assert is_whole_or_as_before(output, force)
        resumed.add((output.parent / ".out.partial" / "progress.json").exists())
        write(output, force=force, resume=True)
        assert ended_well(output, force)
        if code == DONE:
            break
        assert code == KILLED
    assert number > 20
    assert resumed == {True, False}


@pytest.mark.torture
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_operation_of_its_resumption_it_can_be_resumed_again(tmp_path: Path, after: bool) -> None:
    for number in itertools.count(1):
        output = begun(tmp_path / str(number), force=False)
        assert in_child(lambda: struck_write(output, 17, kill, force=False, resume=False)) == KILLED  # noqa: B023
        code = in_child(lambda: struck_write(output, number, kill, after=after, force=False, resume=True))  # noqa: B023
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
        codes.append(struck_write(output, number, no_space, force=force, resume=False))
        assert is_whole_or_as_before(output, force)
        if codes[-1] == REFUSED:  # and that nothing of that name was changed was said
            assert (output.read_bytes() if output.exists() else None) == (OLD if force else None)
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
        "from tests.prediction.test_resumable_output_faults import resumable_output, write\n"
        "resumable_output.SECONDS = 0\n"
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


def test_files_elsewhere_are_never_written_to_through_links(output: Path) -> None:
    folder, precious = output.parent / ".out.partial", output.parent / "precious"
    folder.mkdir()
    precious.write_text("years of work")
    (folder / "answers").symlink_to(precious)
    with pytest.raises(DataError):
        write(output)
    assert precious.read_text() == "years of work"


def is_as_it_was(folder: Path, before: dict[str, Any]) -> bool:
    return before == {str(path): path.lstat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


def a_hard_link(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "precious").write_text("years of work")
    os.link(folder.parent / "precious", folder / name)


def a_pipe(folder: Path, name: str) -> None:
    folder.mkdir()
    os.mkfifo(folder / name)


def a_folder_in_it(folder: Path, name: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "thesis.tex").write_text("years of work")


def a_file_of_others(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder / f"{name}.tex").write_text("years of work")


def a_link_to_a_folder(folder: Path, name: str) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / name).write_text("years of work")
    folder.symlink_to("elsewhere")


def a_file_of_the_name(folder: Path, name: str) -> None:
    folder.write_text(name)


@pytest.mark.parametrize("options", [{}, {"resume": True}, {"force": True}], ids=str)
@pytest.mark.parametrize("name", resumable_output.OWN)
@pytest.mark.parametrize(
    "make", [a_hard_link, a_pipe, a_folder_in_it, a_file_of_others, a_link_to_a_folder, a_file_of_the_name]
)
@pytest.mark.parametrize("is_there", [False, True])
def test_what_no_run_left_is_refused_by_its_name_and_stays_as_it_is(
    output: Path, make: Callable[[Path, str], None], name: str, options: dict[str, bool], is_there: bool
) -> None:
    make(output.parent / ".out.partial", name)
    if is_there:
        output.write_text("older answers")
    before = {str(path): path.lstat().st_mtime_ns for path in (output.parent, *output.parent.rglob("*"))}
    with pytest.raises(DataError, match=r"\.partial.*: .*no unfinished run.*Move it away"):
        write(output, **options)
    assert is_as_it_was(output.parent, before)


@pytest.mark.parametrize("size", [246, 247, 255, 300])
def test_a_name_that_leaves_no_room_for_the_folder_beside_it_is_refused(tmp_path: Path, size: int) -> None:
    output = tmp_path / ("m" * size)
    if size > 246:
        with pytest.raises(UnrolledError, match=f": .*{size} bytes.* at most 246.*shorter name"):
            write(output)
        assert list(tmp_path.iterdir()) == []
    else:
        write(output)
        assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("moment", ["answers", "progress.new", ".answers.lock"])
def test_a_full_disk_is_told_by_the_name_of_the_file_that_was_asked_for(
    output: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def full(path: Any, *given: Any, **named: Any) -> Any:
            if os.fspath(path).endswith(moment):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(path, *given, **named)

        return full

    monkeypatch.setattr(os, "open", refusing(os.open))
    monkeypatch.setattr(Path, "open", refusing(Path.open))
    with pytest.raises(DataError) as raised:
        write(output)
    assert str(raised.value).startswith(f"{output}: ")
    assert "Make room there; nothing of that name was changed" in str(raised.value)
    assert list(output.parent.iterdir()) == []
