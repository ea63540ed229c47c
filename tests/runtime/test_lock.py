"""Processes that want one lock → one has it and the others its process's id, until that process is no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from unrolled.errors.output import already_running
from unrolled.errors.told import SettingError
from unrolled.runtime import lock
from unrolled.runtime.lock import locked

HOLDER = """
import sys
from pathlib import Path
from unrolled.runtime.lock import locked
with locked(Path(sys.argv[1]), RuntimeError):
    print("held", flush=True)
    sys.stdin.read()
"""


def taken(pid: str) -> SettingError:
    return already_running(Path("out"), pid)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its standard input ends."""
    words = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_is_refused_with_the_first_ones_id(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=f"got process {holder.pid}\\."), locked(tmp_path / "lock", taken):
        pytest.fail("the block began")
    assert holder.poll() is None


def test_a_killed_process_frees_it(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with locked(tmp_path / "lock", taken):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_it_is_free_behind_the_block_also_after_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock", taken):
            raise ZeroDivisionError
    with locked(tmp_path / "lock", taken), pytest.raises(SettingError), locked(tmp_path / "lock", taken):
        pytest.fail("the inner block began")


def test_who_waited_for_a_file_that_its_holder_deleted_locks_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, first = tmp_path / "lock", [True]
    take = lock._lock

    def deleted_before(handle: int) -> bool:
        if first.pop() if first else False:
            path.unlink()
        return take(handle)

    monkeypatch.setattr(lock, "_lock", deleted_before)
    with locked(path, taken):
        assert path.exists()
        with pytest.raises(SettingError), locked(path, taken):
            pytest.fail("both hold it")


def test_a_file_elsewhere_is_never_written_to_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("years of work")
    (tmp_path / "lock").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic"), locked(tmp_path / "lock", taken):
        pytest.fail("the block began")
    assert (tmp_path / "precious").read_text() == "years of work"
