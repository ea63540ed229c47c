"""Every hostile model folder → an error of one line, little memory, and no deed that an audit hook could object to."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unrolled
from tests.each import each
from tests.folders.changes import Case
from tests.folders.hostile import CASES
from tests.folders.valid import (
    CONFIG,
    COUNTS,
    KINDS,
    LANGUAGE_MODELS,
    REMEMBERING,
    TEXTS,
    VOCABULARY,
    WEIGHTS,
    answers,
    write_valid,
)
from unrolled.errors import FolderError
from unrolled.storage.manifest import MANIFEST
from unrolled.storage.training_texts import FINGERPRINTS

HOSTILE = {name: case for name, case in CASES.items() if case.told is not None}
LEGAL = {name: case for name, case in CASES.items() if case.told is None}
NAMES = {CONFIG, VOCABULARY, WEIGHTS, COUNTS, FINGERPRINTS, MANIFEST}
PACKAGE = Path(unrolled.__file__).parent
ROOTS = (sys.prefix, sys.base_prefix, str(PACKAGE), str(Path(__file__).parent))
SYSTEM_FILES: dict[str, str] = {}  # none is needed: whoever adds one writes down why

# What loading does beside opening files; importing Python's own modules and NumPy brings most of them along.
DEEDS = {"open", "os.listdir", "os.scandir", "pathlib.Path.glob", "mmap.__new__", "compile", "exec", "import"}
QUIET = (
    *("array.", "builtins.", "code.__new__", "cpython.", "ctypes.dlsym", "marshal.", "object.", "sys."),
    *("os.putenv", "os.unsetenv"),  # NumPy, at its import
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Write every case, and a valid folder of every kind."""
    place = tmp_path_factory.mktemp("folders")
    cases = {name: case.write(place / f"case {number}") for number, (name, case) in enumerate(CASES.items())}
    return {**cases, **{kind: write_valid(place / kind, kind) for kind in KINDS}}


def kind_of(name: str) -> str:
    return CASES[name].kind if name in CASES else name


def test_there_are_many_cases_of_every_sort() -> None:
    assert len(HOSTILE) > 200
    assert len(LEGAL) > 15
    assert {case.kind for case in CASES.values()} >= {"cnn", "lstm", "ngrams", "logistic", "transformer", "window"}
    assert sum(not case.with_checksum for case in HOSTILE.values()) > 30


@pytest.mark.torture
@each("name", HOSTILE)
def test_a_hostile_folder_is_told_in_one_line_and_takes_little_memory(name: str, folders: Mapping[str, Path]) -> None:
    case, folder = HOSTILE[name], folders[name]
    tracemalloc.start()
    try:
        with pytest.raises(FolderError) as raised:
            answers(folder, case.kind)
        assert tracemalloc.get_traced_memory()[1] < case.memory
    finally:
        tracemalloc.stop()
    message = str(raised.value)
    assert str(case.told) in message
    assert message.startswith(str(folder))
    assert message.isprintable()
    assert len(message) < len(str(folder)) + 700


@each("name", [*LEGAL, *KINDS])
def test_a_legal_folder_answers_with_probabilities(name: str, folders: Mapping[str, Path]) -> None:
    found = answers(folders[name], kind_of(name))
    assert len(found) == len(TEXTS)
    assert np.isfinite(found).all()
    assert np.allclose(found.sum(axis=1), 1, atol=1e-6)


def test_a_device_is_refused_and_not_opened(tmp_path: Path) -> None:
    folder = write_valid(tmp_path / "m", "cnn")
    (folder / CONFIG).unlink()
    try:
        os.mknod(folder / CONFIG, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("only root may make a device")
    with pytest.raises(FolderError, match=r"config\.json: this is a device, not a regular file"):
        answers(folder, "cnn")


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write_valid(tmp_path / "real", "cnn")
    (tmp_path / "link").symlink_to("real")
    assert answers(tmp_path / "link", "cnn").tobytes() == answers(tmp_path / "real", "cnn").tobytes()


def test_a_folder_that_is_exchanged_while_it_is_read_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = write_valid(tmp_path / "m", "cnn"), write_valid(tmp_path / "other", "lstm")
    expected, real = answers(folder, "cnn"), json.loads

    def exchanged(*given: Any, **more: Any) -> Any:
        if other.exists():
            folder.rename(tmp_path / "aside")
            other.rename(folder)
        return real(*given, **more)

    monkeypatch.setattr(json, "loads", exchanged)
    assert answers(folder, "cnn").tobytes() == expected.tobytes()
    assert not other.exists()


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory, folders: Mapping[str, Path]) -> Path:
    """A working directory that is a model folder with code in it, whose files are nobody's."""
    folder = CASES["code beside"].write(tmp_path_factory.mktemp("trap") / "m")
    for name in NAMES - {COUNTS, FINGERPRINTS}:
        (folder / name).write_bytes(b"never read")
    return folder


@pytest.fixture(scope="module")
def witnessed(folders: Mapping[str, Path], trap: Path) -> Mapping[str, Any]:
    """Load every folder in one process whose every deed is written down; the valid ones first import all modules."""
    names = [*KINDS, *CASES]
    todo = [(str(folders[name]), "lm" if kind_of(name) in LANGUAGE_MODELS else kind_of(name)) for name in names]
    done = subprocess.run(
        [sys.executable, "-B", "-P", "-W", "error", str(Path(__file__).with_name("audited_folders.py"))],
        input=json.dumps([TEXTS, todo]).encode(),
        capture_output=True,
        cwd=trap,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return dict(zip(names, json.loads(done.stdout), strict=True))


def test_only_the_folder_and_the_installed_packages_are_opened(
    witnessed: Mapping[str, Any], folders: Mapping[str, Path]
) -> None:
    for name, seen in witnessed.items():
        for event, *arguments in seen["events"]:
            if event in ("open", "os.scandir", "os.listdir"):
                assert may_be_opened(arguments[0], folders[name]), (name, event, arguments)
            if event == "open":
                assert int(arguments[2]) & os.O_ACCMODE == os.O_RDONLY, (name, arguments)


def may_be_opened(path: str, folder: Path) -> bool:
    """A bare name is one in the folder's handle, a number is the handle: what lies in the trap would be refused."""
    return path in NAMES or path.isdigit() or path == str(folder) or path.startswith(ROOTS) or path in SYSTEM_FILES


def test_nothing_but_our_own_code_is_run(witnessed: Mapping[str, Any], folders: Mapping[str, Path]) -> None:
    for name, seen in witnessed.items():
        only_our_code_ran(name, seen, folders)


def only_our_code_ran(name: str, seen: Mapping[str, Any], folders: Mapping[str, Path]) -> None:
    events = [event for event in seen["events"] if not event[0].startswith(QUIET)]
    assert {event[0] for event in events} <= DEEDS | {"ctypes.dlopen"}, (
        f"{name}: no socket, process, pickle or file that goes"
    )
    for event, *arguments in events:
        if event == "ctypes.dlopen":
            assert arguments[0] == "None" or arguments[0].startswith(str(PACKAGE / "kernels")), arguments
        if event in ("compile", "exec"):
            source, path = (arguments[0], arguments[1]) if event == "compile" else ("", arguments[0])
            assert path.startswith((*ROOTS, "<")), arguments
            assert "run-from" not in source
        if event == "import" and arguments[1] != "None":
            assert arguments[1].startswith(ROOTS), arguments
        assert not any(argument.startswith(str(folders[name].parent)) for argument in arguments) or event == "open"


def test_within_a_limit_of_memory_and_from_elsewhere_the_errors_and_the_answers_are_the_same(
    witnessed: Mapping[str, Any], folders: Mapping[str, Path]
) -> None:
    for name, seen in witnessed.items():
        if name in HOSTILE:
            assert str(HOSTILE[name].told) in seen["error"]
        else:
            assert bytes.fromhex(seen["answers"]) == answers(folders[name], kind_of(name)).tobytes(), name
        assert not {"torch", "sklearn"} & set(seen["modules"])


def test_no_hostile_code_left_a_trace(witnessed: Mapping[str, Any], folders: Mapping[str, Path], trap: Path) -> None:
    places = {trap, trap.parent, Path.cwd(), *(folder.parent for folder in folders.values()), *folders.values()}
    assert [path for place in places for path in place.glob("run-*")] == []


@pytest.mark.torture
def test_every_command_tells_the_same_line(
    unrolled: Callable[..., Any], folders: Mapping[str, Path], train_csv: Path
) -> None:
    for name, case in HOSTILE.items():
        words: tuple[object, ...] = ("predict", folders[name])
        if case.kind in LANGUAGE_MODELS:
            words = ("lm", "next", folders[name], "w1")
        elif case.kind == REMEMBERING:
            words = ("evaluate", folders[name], train_csv)
        assert str(case.told) in unrolled(*words, stdin=b"w1\n").error()


def test_a_case_that_is_legal_once_isnt_hostile(tmp_path: Path) -> None:
    """The folders that the cases change are valid, sealed anew or not."""
    for kind in KINDS:
        Case(lambda folder: None, None, kind).write(tmp_path / kind)
        assert len(answers(tmp_path / kind, kind)) == len(TEXTS)
