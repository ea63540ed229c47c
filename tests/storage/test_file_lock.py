"""Names held by this process and by others → one holder at a time, and a name that is free when its holder is dead."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from unrolled.errors import FolderError
from unrolled.storage.file_lock import acquire

HOLD = """
import sys, time
from pathlib import Path
from unrolled.storage.file_lock import acquire
with acquire(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "model")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_name_is_held_once_and_free_after_the_block(tmp_path: Path) -> None:
    with acquire(tmp_path / "model"):
        assert os.listdir(tmp_path) == [".model.lock"]
        with pytest.raises(FolderError, match=f"in use by process {os.getpid()}\\. "), acquire(tmp_path / "model"):
            pass
        with acquire(tmp_path / "other"):
            pass
    assert os.listdir(tmp_path) == []
    with acquire(tmp_path / "model"):
        pass


def test_the_holder_is_told_and_its_name_is_free_at_once_when_it_is_killed(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(FolderError, match=f"in use by process {holder.pid}\\. "), acquire(tmp_path / "model"):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert os.listdir(tmp_path) == [".model.lock"]
    with acquire(tmp_path / "model"):
        pass
    assert os.listdir(tmp_path) == []


def test_two_ways_to_a_name_are_one_name(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "link").symlink_to("model")
    with acquire(tmp_path / "link"), pytest.raises(FolderError, match="in use"), acquire(tmp_path / "model"):
        pass


def test_a_link_in_the_lock_s_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("years of work")
    (tmp_path / ".model.lock").symlink_to("precious")
    with pytest.raises(FolderError), acquire(tmp_path / "model"):
        pass
    assert (tmp_path / "precious").read_text() == "years of work"


@pytest.mark.parametrize("content", ["years of work", "1" * 21, "12 "])
def test_a_file_of_others_in_the_lock_s_place_is_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / ".model.lock").write_text(content)
    with pytest.raises(FolderError, match=r"\.model\.lock.*Move it away"), acquire(tmp_path / "model"):
        pass
    assert (tmp_path / ".model.lock").read_text() == content


def test_a_hard_link_and_a_pipe_in_the_lock_s_place_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("42")
    os.link(tmp_path / "precious", tmp_path / ".model.lock")
    os.mkfifo(tmp_path / ".other.lock")
    for name in ("model", "other"):
        with pytest.raises(FolderError, match="Move it away"), acquire(tmp_path / name):
            pass
    assert (tmp_path / "precious").read_text() == "42"


def test_a_disk_without_room_for_the_lock_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FolderError, match="Make room"), acquire(tmp_path / "model"):
        pass
    assert os.listdir(tmp_path) == []
